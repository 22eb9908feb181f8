import type { RubricLevel, RubricRow } from '../badge.ts';
import { Icon } from './icons.tsx';

/**
 * A rubric: one row for each criterion, its levels from lowest to highest, and which of them was reached and was
 * required. On a phone each criterion becomes a block of its own, hence the explicit roles: a table whose rows are
 * laid out differently is no table to a screen reader otherwise.
 */
export function Rubric({
  rows,
  caption,
}: {
  readonly rows: readonly RubricRow[];
  readonly caption: string;
}) {
  const columns = Math.max(...rows.map(({ levels }) => Math.max(levels.length, 1)));
  return (
    <table class="rubric" role="table">
      <caption>{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">
            Criterion
          </th>
          {Array.from({ length: columns }, (_, index) => (
            <th role="columnheader" scope="col">{`Step ${index + 1}`}</th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <Criterion row={row} columns={columns} />
        ))}
      </tbody>
    </table>
  );
}

function Criterion({ row, columns }: { readonly row: RubricRow; readonly columns: number }) {
  const { name, description, levels, value } = row;
  const reached = levels.findIndex((level) => level.reached);
  const empty = columns - Math.max(levels.length, 1);
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <span class="criterion">{name}</span>
        {description !== undefined && <span class="note">{description}</span>}
      </th>
      {levels.length === 0 && <td role="cell">{value ?? 'No result'}</td>}
      {levels.map((level, index) => (
        <Level level={level} passed={index < reached} />
      ))}
      {Array.from({ length: empty }, () => (
        <td role="cell" class="level-none" />
      ))}
    </tr>
  );
}

function Level({ level, passed }: { readonly level: RubricLevel; readonly passed: boolean }) {
  const { name, description, reached, required } = level;
  const state = reached ? 'level-reached' : passed ? 'level-passed' : 'level-open';
  return (
    <td role="cell" class={state}>
      <span class="level-name">{name}</span>
      {description !== undefined && <span class="note">{description}</span>}
      {(reached || required) && (
        <span class="marks">
          {reached && (
            <span class="mark mark-reached">
              <Icon name="pass" />
              Reached
            </span>
          )}
          {required && <span class="mark mark-required">Required</span>}
        </span>
      )}
    </td>
  );
}
