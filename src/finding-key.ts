/** What a finding is known by inside its file: answers are kept under it, and found again after the file was edited. */
import { createHash } from 'node:crypto';
import type { Finding } from './core/finding.ts';

/** Made of the rule, the symbol and the source of the finding, so that lines elsewhere do not matter. Two findings may share it. */
export function contentKey(text: string, { rule, symbol, range }: Finding): string {
  const excerpt = text.slice(range.start, range.end).replace(/\s+/g, ' ');
  return createHash('sha256').update([rule, symbol, excerpt].join('\0')).digest('hex').slice(0, 16);
}

/** A key for each finding of a file: its content, and a number where several share that. `text` is the text they stand on. */
export function findingKeys(text: string, findings: readonly Finding[]): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const content = contentKey(text, finding);
    const before = seen.get(content) ?? 0;
    seen.set(content, before + 1);
    return `${content}.${before}`;
  });
}

/** The content that a key stands for. */
export function contentOf(key: string): string {
  return key.slice(0, key.indexOf('.'));
}
