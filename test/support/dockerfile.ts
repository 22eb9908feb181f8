import { DockerfileParser, type Instruction, type JSONInstruction } from 'dockerfile-ast';

interface Step {
  readonly keyword: string;
  /** What stands behind the keyword and its flags, on one line. */
  readonly text: string;
  readonly from: string | undefined;
  /** The words of the exec form; undefined for the shell form. */
  readonly words: readonly string[] | undefined;
}

export type Stage = readonly Step[];

/** The stages of a Dockerfile, each with its steps in order. */
export function readDockerfile(content: string): readonly Stage[] {
  const stages: Step[][] = [];
  for (const instruction of DockerfileParser.parse(content).getInstructions()) {
    const step = readStep(instruction);
    if (step.keyword === 'FROM') stages.push([]);
    stages.at(-1)?.push(step);
  }
  return stages;
}

function readStep(instruction: Instruction): Step {
  const text = instruction
    .getArguments()
    .map((argument) => argument.getValue())
    .join(' ');
  const flags = 'getFlags' in instruction ? (instruction as JSONInstruction).getFlags() : [];
  const from = flags.find((flag) => flag.getName() === 'from')?.getValue() ?? undefined;
  return { keyword: instruction.getKeyword(), text, from, words: readWords(text) };
}

function readWords(text: string): readonly string[] | undefined {
  try {
    return JSON.parse(text.replace(/^CMD /, '')) as readonly string[];
  } catch {
    return undefined;
  }
}

/** What a careful reader would object to; `exists` knows what is in the folder that is built from. */
export function lintDockerfile(
  stages: readonly Stage[],
  exists: (path: string) => boolean,
): readonly string[] {
  const last = stages.at(-1) ?? [];
  const all = stages.flat();
  return [
    ...stages.flatMap(lintBase),
    ...all.flatMap((step) => [...lintSecrets(step), ...lintRun(step), ...lintAdd(step)]),
    ...all.flatMap((step) => lintCopy(step, exists)),
    ...stages.flatMap(lintOrder),
    ...lintUser(last),
    ...lintEnd(last),
    ...(stages.length < 2 ? ['what builds is in the image: use two stages'] : []),
  ];
}

function lintBase([from]: Stage): string[] {
  const [image = ''] = (from?.text ?? '').split(' ');
  const isPinned = /^[\w./-]+:\d+\.\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$/.test(image);
  return isPinned ? [] : [`the base ${image} is not pinned to a version`];
}

function lintUser(stage: Stage): string[] {
  const user = stage.findLast(({ keyword }) => keyword === 'USER')?.text ?? '';
  return /^[1-9]\d*(:[1-9]\d*)?$/.test(user) ? [] : ['it does not run as a numbered user but root'];
}

function lintSecrets({ keyword, text }: Step): string[] {
  const isTold = keyword === 'ENV' || keyword === 'ARG';
  const name = /\b\w*(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|_URI|REDIS_URL)\w*/i.exec(text);
  return isTold && name !== null ? [`${keyword} ${name[0]} stays in the image`] : [];
}

function lintAdd({ keyword }: Step): string[] {
  return keyword === 'ADD' ? ['ADD fetches and unpacks: use COPY'] : [];
}

function lintRun({ keyword, text }: Step): string[] {
  if (keyword !== 'RUN') return [];
  const isApt = /\bapt(-get)? install\b/.test(text);
  return [
    ...(isApt && !text.includes('--no-install-recommends') ? ['apt takes what it likes'] : []),
    ...(isApt && !text.includes('rm -rf /var/lib/apt/lists') ? ['apt leaves its lists'] : []),
    ...(/\bnpm (i|install)\b/.test(text) ? ['npm install does not keep to the lock file'] : []),
    ...(/\bnpm (ci|prune)\b(?!.*--ignore-scripts)/.test(text) ? ['packages run scripts'] : []),
    ...(/\bsudo\b|chmod (-R )?0?777/.test(text) ? ['sudo or 777'] : []),
    ...(/\b(curl|wget)\b/.test(text) ? ['something is downloaded unseen'] : []),
  ];
}

function lintCopy({ keyword, text, from }: Step, exists: (path: string) => boolean): string[] {
  if (keyword !== 'COPY') return [];
  const sources = text.split(' ').slice(0, -1);
  if (sources.includes('.')) return ['COPY . takes everything along'];
  if (from !== undefined) return [];
  return sources.filter((path) => !exists(path)).map((path) => `${path} does not exist`);
}

/** The lock file first, so that packages are installed anew only when it changed. */
function lintOrder(stage: Stage): string[] {
  const place = (test: (step: Step) => boolean) => stage.findIndex(test);
  const install = place(({ keyword, text }) => keyword === 'RUN' && text.includes('npm ci'));
  if (install < 0) return [];
  const before = stage.slice(0, install).filter(({ keyword }) => keyword === 'COPY');
  const isLock = before.some(({ text }) => text.includes('package-lock.json'));
  const isMore = before.some(({ text }) => /\bsrc\b/.test(text));
  return [
    ...(isLock ? [] : ['npm ci runs without the lock file']),
    ...(isMore ? ['sources are copied before npm ci'] : []),
  ];
}

function lintEnd(stage: Stage): string[] {
  const isExec = (keyword: string) =>
    stage.some((step) => step.keyword === keyword && step.words !== undefined);
  const env = stage.filter(({ keyword }) => keyword === 'ENV').map(({ text }) => text);
  return [
    ...(isExec('CMD') ? [] : ['CMD is not in exec form: signals do not arrive']),
    ...(isExec('HEALTHCHECK') ? [] : ['HEALTHCHECK is missing or not in exec form']),
    ...(env.join(' ').includes('NODE_ENV=production') ? [] : ['NODE_ENV is not production']),
  ];
}
