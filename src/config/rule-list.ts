/** What `pyleak-fix rules` prints. */
import type { RuleMeta } from '../core/rule.ts';

const held = { process: 'held until the process ends', gc: 'freed only by the cycle collector' } as const;

function entry({ id, summary, retention, preview, strategies }: RuleMeta): string {
  const width = Math.max(...strategies.map(({ name }) => name.length));
  const lines = strategies.map(
    (strategy, index) => `    ${strategy.name.padEnd(width)}  ${strategy.summary}${index === 0 ? ' (default)' : ''}`,
  );
  const title = preview === true ? `${id} (preview: runs only with --select ${id})` : id;
  return [title, `  ${summary}; ${held[retention]}`, ...lines].map((line) => `${line}\n`).join('');
}

/** Each rule with what it finds and its strategies, the default first. Ends with a line end. */
export function ruleList(metas: readonly RuleMeta[]): string {
  return metas.map(entry).join('\n');
}
