/** The recording in the README is what a terminal shows. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isInstalled, project } from '../support/cli.ts';
import { at, play } from '../support/pty.ts';
import { screenText } from '../support/screen.ts';

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const fixture = (name: string) => file(`fixtures/${name}/before.py`);

it.skipIf(!isInstalled('python3'))(
  'the review recorded in the README (skipped where python3 is not installed)',
  async () => {
    const folder = project({
      'shop/cart.py': fixture('class-mutable-default/basket-without-init'),
      'shop/upload.py': fixture('strong-registry/values-are-handed-out'),
    });
    const { raw } = await play(folder, [...at(1, 'y\r'), ...at(2, '\r')], ['-i', 'shop'], {
      size: [60, 110],
      env: { NO_COLOR: '1' },
    });
    const recorded = /```text\n\$ pyleak-fix -i shop\n(?<screen>[\s\S]*?)```/.exec(file('README.md'))?.groups?.[
      'screen'
    ];
    // What follows the last answer is the summary of any run.
    expect(screenText(raw).slice(0, recorded?.length)).toBe(recorded);
  },
);
