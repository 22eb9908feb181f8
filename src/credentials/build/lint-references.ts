import type { Issue } from '../../shared/errors.ts';
import { isNode, issue, nodesAt, textAt, type Node } from './nodes.ts';

// Results point at descriptions and levels of the same Achievement (OB 3.0 §B.1.18, §B.1.19).

function levelIds(description: Node): (string | undefined)[] {
  return nodesAt(description, 'rubricCriterionLevel').map((level) => textAt(level, 'id'));
}

function lintDescription(description: Node, path: string): Issue[] {
  const required = description.requiredLevel;
  if (required === undefined || levelIds(description).some((id) => id === required)) return [];
  return [issue(`${path}.requiredLevel`, 'is not one of the levels of this result description.')];
}

function lintResult(result: Node, path: string, descriptions: readonly Node[]): Issue[] {
  const { resultDescription, achievedLevel } = result;
  if (resultDescription === undefined) {
    return achievedLevel === undefined
      ? []
      : [issue(`${path}.achievedLevel`, 'needs a resultDescription beside it.')];
  }
  const description = descriptions.find(({ id }) => id === resultDescription);
  if (!description) {
    return [issue(`${path}.resultDescription`, 'is not described by this achievement.')];
  }
  if (achievedLevel === undefined || levelIds(description).some((id) => id === achievedLevel)) {
    return [];
  }
  return [issue(`${path}.achievedLevel`, 'is not one of the levels of its result description.')];
}

export function lintReferences({ credentialSubject: subject }: Node): Issue[] {
  if (!isNode(subject) || !isNode(subject.achievement)) return [];
  const descriptions = nodesAt(subject.achievement, 'resultDescription');
  const path = 'credentialSubject';
  return [
    ...descriptions.flatMap((description, index) =>
      lintDescription(description, `${path}.achievement.resultDescription.${index}`),
    ),
    ...nodesAt(subject, 'result').flatMap((result, index) =>
      lintResult(result, `${path}.result.${index}`, descriptions),
    ),
  ];
}
