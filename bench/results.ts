/** bench/RESULTS.md: the figures of one run, as ratios, with the shape of the machine that gave them. */
import { arch, cpus, platform, totalmem } from 'node:os';
import { version } from '../src/config/version.ts';

/** Medians of one peer: wall time in seconds, peak resident memory in MB (10^6 bytes). */
export interface Row {
  readonly name: string;
  readonly seconds: number;
  readonly peak: number;
}

export interface Section {
  readonly title: string;
  /** What the others are measured against comes last. */
  readonly rows: readonly Row[];
  /** What `--stats` says. */
  readonly stages?: string;
}

/** The whole page. */
export function results(sections: readonly Section[], quick: boolean): string {
  const [cpu] = cpus();
  const machine = `${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${(totalmem() / 1e9).toFixed(0)} GB, ${platform()} ${arch()}, Node ${process.version}`;
  const command = `npm run bench${quick ? ' -- quick' : ''}`;
  return [
    '# Benchmarks',
    '',
    `pyleak-fix ${version}, by \`${command}\` on ${machine}. Medians after a round that warms up; the peers of a table took turns.`,
    'Ratios are what counts: the seconds are this machine’s.',
    '',
    ...sections.flatMap(section),
  ].join('\n');
}

function section({ title, rows, stages }: Section): readonly string[] {
  const reference = rows.at(-1);
  const others = rows.filter(({ name }) => !name.startsWith('pyleak-fix'));
  const own = rows.find(({ name }) => name.includes('no cache'));
  const lines = rows.map(({ name, seconds, peak }) => {
    const ratio = reference === undefined ? '' : (seconds / reference.seconds).toFixed(2);
    return `| ${name} | ${seconds.toFixed(2)} | ${ratio} | ${peak.toFixed(0)} |`;
  });
  const against = others.flatMap(({ name, seconds }) =>
    own === undefined || stages === undefined
      ? []
      : [`- without a cache, ${(own.seconds / seconds).toFixed(2)} times the time of ${name}`],
  );
  return [
    `## ${title[0]?.toUpperCase() ?? ''}${title.slice(1)}`,
    '',
    `| | seconds | times ${reference?.name ?? ''} | peak MB |`,
    '|---|---|---|---|',
    ...lines,
    '',
    ...(against.length > 0 ? [...against, ''] : []),
    ...(stages === undefined ? [] : ['```', stages, '```', '']),
  ];
}
