import { capitalize } from '../../domain/vocabulary.ts';
import type { RubricLevel, RubricRow } from '../badge.ts';
import type { Voice } from '../wording.ts';
import { Icon } from './icons.tsx';

/**
 * A rubric: one row for each criterion, its levels from lowest to highest, and which of them was reached and was
 * required. On a phone each criterion becomes a block of its own, hence the explicit roles: a table whose rows are
 * laid out differently is no table to a screen reader otherwise.
 */
export function Rubric({
  rows,
  caption,
  voice: { texts, say, language },
}: {
  readonly rows: readonly RubricRow[];
  readonly caption: string;
  readonly voice: Voice;
}) {
  const columns = Math.max(...rows.map(({ levels }) => Math.max(levels.length, 1)));
  const hasSteps = rows.some(({ levels }) => levels.length > 0);
  return (
    <table class="rubric" role="table">
      <caption lang={language}>{caption}</caption>
      <thead role="rowgroup" lang={language}>
        <tr role="row">
          <th role="columnheader" scope="col">
            {capitalize(say('criterion'))}
          </th>
          {Array.from({ length: columns }, (_, index) => (
            <th role="columnheader" scope="col">
              {hasSteps ? texts.rubric.step(index + 1) : texts.rubric.result}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <Criterion row={row} columns={columns} voice={{ texts, language }} />
        ))}
      </tbody>
    </table>
  );
}

type Said = Pick<Voice, 'texts' | 'language'>;

function Criterion({
  row,
  columns,
  voice,
}: {
  readonly row: RubricRow;
  readonly columns: number;
  readonly voice: Said;
}) {
  const { name, description, levels } = row;
  const reached = levels.findIndex((level) => level.reached);
  const empty = columns - Math.max(levels.length, 1);
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <span class="criterion">{name}</span>
        {description !== undefined && <span class="note">{description}</span>}
      </th>
      {levels.length === 0 && <td role="cell">{describe(row, voice)}</td>}
      {levels.map((level, index) => (
        <Level level={level} passed={index < reached} voice={voice} />
      ))}
      {Array.from({ length: empty }, () => (
        <td role="cell" class="level-none" />
      ))}
    </tr>
  );
}

function describe({ value, status }: RubricRow, { texts: { rubric } }: Said): string {
  return value ?? (status === undefined ? rubric.none : rubric.statuses[status]);
}

function Level({
  level,
  passed,
  voice: { texts, language },
}: {
  readonly level: RubricLevel;
  readonly passed: boolean;
  readonly voice: Said;
}) {
  const { name, description, reached, required } = level;
  const state = reached ? 'level-reached' : passed ? 'level-passed' : 'level-open';
  return (
    <td role="cell" class={state}>
      <span class="level-name">{name}</span>
      {description !== undefined && <span class="note">{description}</span>}
      {(reached || required) && (
        <span class="marks" lang={language}>
          {reached && (
            <span class="mark mark-reached">
              <Icon name="pass" />
              {texts.rubric.reached}
            </span>
          )}
          {required && <span class="mark mark-required">{texts.rubric.required}</span>}
        </span>
      )}
    </td>
  );
}
