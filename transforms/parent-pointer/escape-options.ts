/** What is known of the classes of a cycle when it is followed where their objects go. */
import { type ClassModel, classOf } from '../../src/model/class.ts';
import type { FileModel } from '../../src/model/file.ts';
import { receiverOf } from '../../src/model/receiver.ts';
import { field } from '../../src/syntax/access.ts';
import type { EscapeOptions } from './fates.ts';

/** For a function of that file. `mayReturn`: who calls it holds what it was given. */
export function escapeOptions(file: FileModel, family: ReadonlySet<ClassModel>, mayReturn: boolean): EscapeOptions {
  const members = [...family];
  return {
    mayReturn,
    isMethod: (name) => members.some((model) => model.methods.some((method) => method.name === name)),
    isShared: (name) =>
      members.some((model) =>
        model.scope.bindings
          .get(name)
          ?.sites.some(({ kind, value }) => kind !== 'function' && value !== undefined && value.kind !== 'none'),
      ),
    isOwn: (callee) => {
      const made = classOf(file, callee);
      if (made !== undefined) return family.has(made);
      const object = callee.kind === 'attribute' ? field(callee, 'object') : undefined;
      const receiver = object === undefined ? receiverOf(file, callee) : receiverOf(file, object);
      return (receiver.kind === 'instance' || receiver.kind === 'class') && family.has(receiver.class);
    },
  };
}
