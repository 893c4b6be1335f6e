/** Files that hand on the class `Basket` of `shop/cart.py`, and ways to import it from there or from them, for laws over projects. */

/** Who hands the class on, and under which names; shadows of modules among them. */
export const HUBS: Readonly<Record<string, readonly string[]>> = {
  'shop/__init__.py': [
    '',
    'from .cart import Basket\n',
    'from . import cart\n',
    'from .cart import *\n',
    'from .cart import Basket as cart\n',
    'from .cart import Basket as till\n',
    'def __getattr__(name):\n    return None\n',
  ],
  'shop/till.py': ['', 'from shop.cart import Basket\n', 'from .cart import *\n', 'import shop.cart as cart\n'],
  'hub.py': [
    'from shop import *\n',
    'from shop.cart import Basket as Korb\n',
    'import shop.cart as cart\n',
    'from shop import till as cart\n',
    'from shop.till import *\nimport typing\n',
  ],
};

export const IMPORTS = [
  'import shop',
  'import shop.cart',
  'import shop.cart as c',
  'import shop.till as c',
  'from shop import cart',
  'from shop import cart as c',
  'from shop import till as c',
  'from shop import Basket',
  'from shop.cart import Basket',
  'from shop.cart import Basket as B',
  'from shop.till import Basket',
  'from hub import *',
  'from hub import Korb',
  'from hub import cart as c',
  'import hub',
  'import hub as c',
  'import typing as c',
  'try:\n    import shop.cart as c\nexcept ImportError:\n    import typing as c',
];
