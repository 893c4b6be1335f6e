/** What a text calls, and whether that may change what it is called with: told by tokens. */
import { once } from '../../src/core/once.ts';
import { isBuiltinName } from '../../src/model/builtins.ts';
import { definitionsIn } from '../../src/syntax/definitions.ts';
import { renamings } from '../../src/syntax/renamings.ts';
import { CLOSE_PARENTHESIS, DOT, WORD } from '../../src/syntax/token-kinds.ts';
import { calleeOf, isTrailer } from '../../src/syntax/token-places.ts';
import type { Tokens } from '../../src/syntax/tokens.ts';

const METHODS =
  'append|appendleft|extend|extendleft|insert|remove|discard|pop|popleft|popitem|clear|add|update|setdefault|sort|reverse|rotate|' +
  'put|put_nowait|get_nowait|subtract|move_to_end|byteswap|from(?:bytes|file|list|string|unicode)|' +
  '(?:difference|intersection|symmetric_difference)_update|__(?:set|del)item__|__i(?:add|mul|or|and|sub|xor)__|__missing__';
/** Methods that change a container of some type. */
export const MUTATOR = new RegExp(`^(?:${METHODS})$`);
const TYPES = 'list|dict|set|bytearray|array|deque|defaultdict|OrderedDict|Counter|ChainMap';
const FUNCTIONS =
  'heappush|heappop|heapify|heapreplace|heappushpop|insort|insort_left|insort_right|shuffle|setitem|delitem|iadd|iconcat|ior|pack_into';
/** Functions that change an argument, and methods called as such. */
const CHANGES_ARGUMENT = new RegExp(`^(?:${FUNCTIONS})$`);
const ANY_CHANGES_ARGUMENT = new RegExp(`\\b(?:${FUNCTIONS})\\b|\\b(?:${TYPES})\\s*\\.\\s*(?:${METHODS})\\b`);
const TYPE = new RegExp(`^(?:${TYPES})$`);

export class Callees {
  private readonly tokens: Tokens;
  private readonly isAlone: boolean;
  private readonly functions: () => ReadonlyMap<string, readonly string[]>;
  /** True if what changes an argument may have a name that does not tell. */
  private readonly isRenamed: () => boolean;
  /** True if something in the text may change an element, whatever that is, by getting it as an argument. */
  readonly changeElements: () => boolean;

  /** `isAlone`: what other files have is not followed. */
  constructor(tokens: Tokens, isAlone: boolean) {
    const { text } = tokens;
    this.tokens = tokens;
    this.isAlone = isAlone;
    this.functions = once(() => parametersByName(tokens));
    this.isRenamed = once(() => renamings(text).some(([name]) => CHANGES_ARGUMENT.test(name) || TYPE.test(name)));
    this.changeElements = once(() => ANY_CHANGES_ARGUMENT.test(text) || this.isRenamed());
  }

  /**
   * What a call may do to its arguments, by its parenthesis: the names that functions of the text have for them, if it is followed;
   * false for nothing, and true if it may change one.
   */
  follow(open: number): boolean | readonly string[] {
    const { tokens } = this;
    const callee = calleeOf(tokens, open);
    if (callee === undefined) return !isTrailer(tokens, open);
    const isOfType = MUTATOR.test(callee) && TYPE.test(tokens.word(open - 3));
    if (this.isRenamed() || CHANGES_ARGUMENT.test(callee) || isOfType) return true;
    if (!this.isAlone && this.isMethod(open)) return true;
    return this.functions().get(callee) ?? !(this.isAlone || isBuiltinName(callee));
  }

  /** True if it may be a method of a class, which may inherit that from anywhere. */
  private isMethod(open: number): boolean {
    const { tokens } = this;
    if (tokens.kind(open - 2) !== DOT) return false;
    const object = tokens.kind(open - 3);
    return object === CLOSE_PARENTHESIS || (object === WORD && tokens.kind(open - 4) !== DOT);
  }
}

function parametersByName(tokens: Tokens): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { name, parameters } of definitionsIn(tokens).functions)
    found.set(name, [...(found.get(name) ?? []), ...parameters]);
  return found;
}
