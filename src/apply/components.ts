/** Which files are written together because a change is made in all of them, directly or by way of others. */
import type { Rendered } from './render.ts';

/** Every file once, in the order of the first of each component. `together` are the paths of each change over several files. */
export function components(
  rendered: readonly Rendered[],
  together: readonly (readonly string[])[],
): readonly (readonly Rendered[])[] {
  const byPath = new Map(rendered.map((file) => [file.source.path, [file]]));
  for (const paths of together) {
    const met = [...new Set(paths.flatMap((path) => [byPath.get(path) ?? []]))];
    const joined = met.flat();
    for (const { source } of joined) byPath.set(source.path, joined);
  }
  return [...new Set(rendered.map(({ source }) => byPath.get(source.path) ?? []))];
}
