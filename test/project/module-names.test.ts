/** What the text of a file says of a name that stands before a dot. */
import { describe, expect, it } from 'vitest';
import { dottedName, isBoundByImportsOnly } from '../../src/project/module-names.ts';

describe('a name is bound by nothing but imports', () => {
  it.each([
    ['import cart\ncart.Basket()\n'],
    ['import cart\nprint(cart.lines, "cart", cart["x"], cart(1))\n'],
    ['from shop import (\n    cart,\n    till,\n)\ncart.Basket\n'],
    ['import cart  # the cart is not rebound here\n'],
    ['import cart\nif cart.open and cart is not None: pass\n'],
    ['import cart\nshop.cart = 1\ncarts = cart_ = 2\n'],
  ])('%j', (text) => {
    expect(isBoundByImportsOnly(text, 'cart')).toBe(true);
  });
});

describe('a name may be bound by something else', () => {
  it.each([
    ['try:\n  import cart\nexcept ImportError:\n  cart = None\n'],
    ['cart: object\n'],
    ['def f(cart): pass\n'],
    ['def f(a, *cart, b): pass\n'],
    ['f = lambda cart: 1\n'],
    ['for cart in x: pass\n'],
    ['for cart, x in y: pass\n'],
    ['with a as cart: pass\n'],
    ['if (cart := 1): pass\n'],
    ['def cart(): pass\n'],
    ['class cart: pass\n'],
    ['match x:\n  case cart if cart.open: pass\n'],
    ['cart \\\n  = 1\n'],
    // Full width letters, which normal form KC makes the name.
    ['\uFF43\uFF41\uFF52\uFF54 = 1\n'],
    ['global cart\n'],
  ])('%j', (text) => {
    expect(isBoundByImportsOnly(`import cart\n${text}`, 'cart')).toBe(false);
  });

  it('on a line of a string that begins like an import', () => {
    expect(isBoundByImportsOnly('"""\nimport (x: cart = 1)\n"""\n', 'cart')).toBe(false);
  });
});

it.each([
  ['cart', 'cart.'],
  ['shop.cart', 'x = shop.cart.'],
  ['shop.cart', '"shop.cart.'],
  [undefined, 'f().'],
  [undefined, 'f().cart.'],
  [undefined, 'x[0].'],
  [undefined, 'cart .'],
  [undefined, '.'],
])('%j stands before the last dot of %j', (name, text) => {
  expect(dottedName(text, text.length - 1)).toBe(name);
});
