/** Changes over several files, as the program makes them: the strategy `ref` of `parent-pointer`, which changes every read. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import { contents, isInstalled, project, pyleak, reportOf, run, shared } from '../support/cli.ts';
import { at, play } from '../support/pty.ts';

const NODES = `class Node:
    def __init__(self, scene):
        self.scene = scene
        scene.nodes.append(self)


class Scene:
    def __init__(self):
        self.nodes = []
        self.time = 0
`;
const RENDER = `from nodes import Node, Scene


def render(node: Node):
    return node.scene.time


def frame():
    scene = Scene()
    print(render(Node(scene)))
`;
const files = { 'nodes.py': NODES, 'render.py': RENDER };
const fixedNodes = `import weakref\n\n\n${NODES.replace('= scene\n', '= None if scene is None else weakref.ref(scene)\n')}`;
const fixedRender = RENDER.replace('node.scene.time', 'node.scene().time');
const by = ['--select', 'parent-pointer', '--strategy', 'parent-pointer=ref'];

describe('a change over two files', () => {
  it('is planned by a dry run as a batch writes it, and undone together', async () => {
    const folder = project(files);
    const planned = await pyleak(folder, ...by);
    expect(contents(folder)).toMatchObject(files);
    const { status } = await pyleak(folder, '--batch', ...by);
    expect(status).toBe(0);
    expect(contents(folder)).toMatchObject({ 'nodes.py': fixedNodes, 'render.py': fixedRender });
    const patched = project(files);
    run('patch', ['-p1'], patched, planned.stdout);
    expect(contents(patched)).toEqual(contents(folder));
    expect((await pyleak(folder, '--batch', ...by)).status).toBe(0);
    expect((await pyleak(folder, 'undo')).status).toBe(0);
    expect(contents(folder)).toMatchObject(files);
  });

  it('is suppressed by a comment beside any of its pointers, in whichever file', async () => {
    const leaf =
      'from branch import Branch\n\n\nclass Leaf:\n    def __init__(self, parent: Branch):\n        self.parent = parent\n';
    const branch = `class Branch:
    def __init__(self, parent=None):
        self.parent = parent
        self.twigs = []

    def branch(self):
        twig = Branch(self)
        self.twigs.append(twig)
        return twig

    def leaf(self):
        from leaf import Leaf
        leaf = Leaf(self)
        self.twigs.append(leaf)
        return leaf
`;
    const found = async (one: string, other: string) =>
      (await reportOf(project({ 'branch.py': one, 'leaf.py': other }), '--select', 'parent-pointer')).findings.map(
        ({ symbol }) => symbol,
      );
    const ignored = (text: string) =>
      text.replace('self.parent = parent\n', 'self.parent = parent  # pyleak: ignore\n');
    expect(await found(branch, leaf)).toEqual(['Branch.parent']);
    expect(await found(ignored(branch), leaf)).toEqual([]);
    expect(await found(branch, ignored(leaf))).toEqual([]);
  });

  it('stands in the JSON report with the edits of both, under both files', async () => {
    const report = await reportOf(project(files), ...by);
    const [finding] = report.findings;
    expect([...new Set(finding?.fixes[0]?.edits.map(({ path }) => path))]).toEqual(['nodes.py', 'render.py']);
    expect(finding?.fixes[0]?.diff).toContain('+++ b/render.py');
    expect(report.files.map(({ path, findings }) => [path, findings])).toEqual([
      ['nodes.py', [finding?.id]],
      ['render.py', [finding?.id]],
    ]);
  });

  it('is one fix of SARIF that changes two artifacts', async () => {
    const { stdout } = await pyleak(project(files), '--format', 'sarif', ...by);
    const [result] = (JSON.parse(stdout.toString()) as Log).runs[0]?.results ?? [];
    const changes = result?.fixes?.find(({ properties }) => properties?.['strategy'] === 'ref')?.artifactChanges ?? [];
    const changed = changes.map(({ artifactLocation: { uri = '' }, replacements }) => {
      let text = files[uri as keyof typeof files];
      for (const { deletedRegion, insertedContent } of replacements.toReversed()) {
        const { byteOffset = 0, byteLength = 0 } = deletedRegion;
        text = text.slice(0, byteOffset) + insertedContent?.text + text.slice(byteOffset + byteLength);
      }
      return [uri, text];
    });
    expect(changed).toEqual([
      ['nodes.py', fixedNodes],
      ['render.py', fixedRender],
    ]);
  });

  it('stands beside what else is fixed in the other file', async () => {
    const folder = project({ ...files, 'render.py': `${RENDER}\n\n${shared('Extra')}` });
    await pyleak(folder, '--batch', '--select', 'class-mutable-default,parent-pointer', ...by.slice(2));
    expect(contents(folder)['render.py']).toMatch(
      /scene\(\)\.time[\s\S]*def __init__\(self\):\n {8}self\.items = \[\]/,
    );
    expect(contents(folder)['nodes.py']).toBe(fixedNodes);
  });

  it('is known to a baseline as one finding', async () => {
    const folder = project(files);
    await pyleak(folder, '--write-baseline', 'known.json', ...by);
    const report = await reportOf(folder, '--baseline', 'known.json', ...by);
    expect(report.findings).toEqual([]);
    expect(report.files).toEqual([]);
  });
});

describe('is not offered, and says which file is in the way', () => {
  const left = async (folder: string, ...argv: readonly string[]) => {
    const before = contents(folder);
    const report = await reportOf(folder, '--batch', ...by, ...argv);
    expect(contents(folder)).toEqual(before);
    expect(report.files).toEqual([]);
    return report.findings.map(({ status, reason }) => [status, reason]);
  };

  it('where the other lies outside the named paths', async () => {
    const reason = 'render.py would have to change too, and is none of the files that this run may write';
    expect(await left(project(files), 'nodes.py')).toEqual([['unfixable', reason]]);
  });

  it('where the other is excluded', async () => {
    const [[status, reason] = []] = await left(project(files), '--exclude', 'render.py');
    expect([status, reason]).toEqual(['unfixable', expect.stringContaining('render.py would have to change too')]);
  });

  it('where the other asks to be ignored', async () => {
    const folder = project({ ...files, 'render.py': `# pyleak: ignore-file\n${RENDER}` });
    const reason = 'render.py would have to change too, and says `# pyleak: ignore-file`';
    expect(await left(folder)).toEqual([['unfixable', reason]]);
  });

  it('where the other may not be written', async () => {
    const folder = project(files);
    chmodSync(join(folder, 'render.py'), 0o444);
    const [[status, reason] = []] = await left(folder);
    expect(status).toBe('skipped');
    expect(reason).toMatch(/^it would change render\.py too: .*no write permission/);
    expect((await pyleak(folder, ...by)).status).toBe(2);
  });

  it('but a strategy that stays in the file is', async () => {
    const folder = project(files);
    await pyleak(folder, '--batch', '--select', 'parent-pointer', 'nodes.py');
    expect(contents(folder)['nodes.py']).toContain('@property');
    expect(contents(folder)['render.py']).toBe(RENDER);
  });
});

describe('with git', () => {
  it('is refused over changes of the other file that are in no commit', async () => {
    const folder = project(files);
    run('git', ['init', '-q'], folder);
    run('git', ['add', '.'], folder);
    run('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'all'], folder);
    writeFileSync(join(folder, 'render.py'), `${RENDER}# more\n`);
    const { status, stderr } = await pyleak(folder, '--batch', ...by);
    expect(status).toBe(2);
    expect(stderr).toContain('render.py has changes that are not committed');
    expect(contents(folder)['nodes.py']).toBe(NODES);
  });

  it('--since leaves the other out if it has not changed', async () => {
    const folder = project(files);
    run('git', ['init', '-q'], folder);
    run('git', ['add', '.'], folder);
    run('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'all'], folder);
    writeFileSync(join(folder, 'nodes.py'), `${NODES}# more\n`);
    const { findings } = await reportOf(folder, '--since', 'HEAD', ...by);
    expect(findings.map(({ status, reason }) => [status, reason])).toEqual([
      ['unfixable', 'render.py would have to change too, and is none of the files that this run may write'],
    ]);
  });
});

describe.skipIf(!isInstalled('python3'))('in a review (skipped where python3 is not installed)', () => {
  it('is shown with the diff of both files, and y applies it to both', async () => {
    const folder = project(files);
    const { status, screen } = await play(folder, at(1, 'y\n'), ['-i', ...by]);
    expect(screen).toContain('+++ b/nodes.py');
    expect(screen).toContain('+++ b/render.py');
    expect(status).toBe(0);
    expect(contents(folder)).toMatchObject({ 'nodes.py': fixedNodes, 'render.py': fixedRender });
  });

  it('n leaves both alone', async () => {
    const folder = project(files);
    await play(folder, at(1, 'n\n'), ['-i', ...by]);
    expect(contents(folder)).toMatchObject(files);
  });
});
