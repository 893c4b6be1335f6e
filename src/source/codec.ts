/**
 * Text encodings: Python's names for them, and text to bytes and back.
 *
 * Only stateless supersets of ASCII are here, so that any slice of a text can be encoded by itself and a file of ASCII bytes reads
 * the same in all of them. UTF-16, UTF-32, UTF-7, ISO-2022 and HZ are none.
 */
import { createRequire } from 'node:module';
import type iconvLite from 'iconv-lite';
import { once } from '../core/once.ts';

/** Loaded when a file has none of the common encodings: its tables are half a megabyte. */
const iconv = once(() => createRequire(import.meta.url)('iconv-lite') as typeof iconvLite);

/**
 * The normalised name of each encoding (iconv-lite knows it by the same) and the names CPython has for it: its module, then the
 * aliases of `encodings.aliases`. The tables of the single-byte encodings are CPython's, byte for byte; those of the East Asian ones
 * are the WHATWG Encoding Standard's, which have a few hundred characters more.
 */
const PYTHON_NAMES: Readonly<Record<string, string>> = {
  'utf-8': 'utf_8 cp65001 u8 utf utf8 utf8_ucs2 utf8_ucs4',
  ascii:
    'ascii 646 ansi_x3.4_1968 ansi_x3.4_1986 ansi_x3_4_1968 cp367 csascii ibm367 iso646_us iso_646.irv_1991 iso_ir_6 us us_ascii',
  'latin-1':
    'latin_1 8859 cp819 csisolatin1 ibm819 iso8859 iso8859_1 iso_8859_1 iso_8859_1_1987 iso_ir_100 l1 latin latin1',
  'iso-8859-2': 'iso8859_2 csisolatin2 iso_8859_2 iso_8859_2_1987 iso_ir_101 l2 latin2',
  'iso-8859-3': 'iso8859_3 csisolatin3 iso_8859_3 iso_8859_3_1988 iso_ir_109 l3 latin3',
  'iso-8859-4': 'iso8859_4 csisolatin4 iso_8859_4 iso_8859_4_1988 iso_ir_110 l4 latin4',
  'iso-8859-5': 'iso8859_5 csisolatincyrillic cyrillic iso_8859_5 iso_8859_5_1988 iso_ir_144',
  'iso-8859-6': 'iso8859_6 arabic asmo_708 csisolatinarabic ecma_114 iso_8859_6 iso_8859_6_1987 iso_ir_127',
  'iso-8859-7': 'iso8859_7 csisolatingreek ecma_118 elot_928 greek greek8 iso_8859_7 iso_8859_7_1987 iso_ir_126',
  'iso-8859-8': 'iso8859_8 csisolatinhebrew hebrew iso_8859_8 iso_8859_8_1988 iso_ir_138',
  'iso-8859-9': 'iso8859_9 csisolatin5 iso_8859_9 iso_8859_9_1989 iso_ir_148 l5 latin5',
  'iso-8859-10': 'iso8859_10 csisolatin6 iso_8859_10 iso_8859_10_1992 iso_ir_157 l6 latin6',
  'iso-8859-11': 'iso8859_11 iso_8859_11 iso_8859_11_2001 thai',
  'iso-8859-13': 'iso8859_13 iso_8859_13 l7 latin7',
  'iso-8859-14': 'iso8859_14 iso_8859_14 iso_8859_14_1998 iso_celtic iso_ir_199 l8 latin8',
  'iso-8859-15': 'iso8859_15 iso_8859_15 l9 latin9',
  'iso-8859-16': 'iso8859_16 iso_8859_16 iso_8859_16_2001 iso_ir_226 l10 latin10',
  'windows-1250': 'cp1250 1250 windows_1250',
  'windows-1251': 'cp1251 1251 windows_1251',
  'windows-1252': 'cp1252 1252 windows_1252',
  'windows-1253': 'cp1253 1253 windows_1253',
  'windows-1254': 'cp1254 1254 windows_1254',
  'windows-1255': 'cp1255 1255 windows_1255',
  'windows-1256': 'cp1256 1256 windows_1256',
  'windows-1257': 'cp1257 1257 windows_1257',
  'windows-1258': 'cp1258 1258 windows_1258',
  cp437: 'cp437 437 cspc8codepage437 ibm437',
  cp720: 'cp720',
  cp737: 'cp737',
  cp775: 'cp775 775 cspc775baltic ibm775',
  cp850: 'cp850 850 cspc850multilingual ibm850',
  cp852: 'cp852 852 cspcp852 ibm852',
  cp855: 'cp855 855 csibm855 ibm855',
  cp856: 'cp856',
  cp857: 'cp857 857 csibm857 ibm857',
  cp858: 'cp858 858 csibm858 ibm858',
  cp860: 'cp860 860 csibm860 ibm860',
  cp861: 'cp861 861 cp_is csibm861 ibm861',
  cp862: 'cp862 862 cspc862latinhebrew ibm862',
  cp863: 'cp863 863 csibm863 ibm863',
  cp865: 'cp865 865 csibm865 ibm865',
  cp866: 'cp866 866 csibm866 ibm866',
  cp869: 'cp869 869 cp_gr csibm869 ibm869',
  cp874: 'cp874',
  cp1125: 'cp1125 1125 cp866u ibm1125 ruscii',
  'koi8-r': 'koi8_r cskoi8r',
  'koi8-t': 'koi8_t',
  'koi8-u': 'koi8_u',
  'mac-roman': 'mac_roman macintosh macroman',
  'hp-roman8': 'hp_roman8 cp1051 ibm1051 r8 roman8',
  'shift-jis': 'shift_jis csshiftjis s_jis shiftjis sjis x_mac_japanese',
  cp932: 'cp932 932 ms932 ms_kanji mskanji windows_31j',
  'euc-jp': 'euc_jp eucjp u_jis ujis',
  gb2312: 'gb2312 chinese csiso58gb231280 euc_cn euccn eucgb2312_cn gb2312_1980 gb2312_80 iso_ir_58 x_mac_simp_chinese',
  gbk: 'gbk 936 cp936 ms936',
  gb18030: 'gb18030 gb18030_2000',
  big5: 'big5 big5_tw csbig5 x_mac_trad_chinese',
  big5hkscs: 'big5hkscs big5_hkscs hkscs',
  cp950: 'cp950 950 ms950',
  'euc-kr': 'euc_kr euckr korean ks_c_5601 ks_c_5601_1987 ks_x_1001 ksc5601 ksx1001 x_mac_korean',
  cp949: 'cp949 949 ms949 uhc',
};

const BY_PYTHON_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries(PYTHON_NAMES).flatMap(([encoding, names]) =>
    names.split(' ').map((name) => [name, encoding] as const),
  ),
);

/**
 * Characters that stand for an error: iconv-lite's replacement character, which its single-byte tables encode to a byte, and what it
 * reads in bytes that CPython leaves undefined. Where every character or every byte has a code, comparing is the whole proof.
 */
/** Tried at the start alone: without the `^` it would be tried at every place of a text. */
const NOTHING = /^(?!)/;
/** Hong Kong's Big5 has four codes for a letter with a combining mark: a slice that ends between the two would have no code. */
const COMBINED = /\ufffd|\u0304|\u030c/;
const REFUSED: ReadonlyMap<string, RegExp> = new Map([
  ['utf-8', NOTHING],
  ['gb18030', NOTHING],
  ['mac-roman', NOTHING],
  ['ascii', /[^\0-\x7f]/],
  ['windows-1255', /[\ufffd\u05ba]/],
  ['shift-jis', /[\ufffd\x80]/],
  ['gbk', /[\ufffd\u20ac]/],
  ['big5', COMBINED],
  ['big5hkscs', COMBINED],
  ['gb2312', /[\ufffd\u20ac]/],
]);
const REPLACEMENT = /\ufffd/;

/** Where CPython's Mac Roman (1998, with the euro sign) differs from iconv-lite's: iconv-lite's character, then CPython's. */
const MAC_ROMAN_CHANGES: readonly (readonly [string, string])[] = [
  ['\u00a4', '\u20ac'],
  ['\u2126', '\u03a9'],
  ['\ufffd', '\uf8ff'],
];

/** The normalised name of the encoding that CPython knows as `name`; undefined when it knows none, or one that is not read here. */
export function normalizedEncoding(name: string): string | undefined {
  const short = tokenizerName(name);
  // `encodings.normalize_encoding`: case and the kind of punctuation do not count.
  const key = short
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '_')
    .replace(/^_|_$/g, '');
  return BY_PYTHON_NAME.get(key);
}

/** CPython's tokenizer takes Emacs' `utf-8-unix` and the like for what they begin with (`get_normal_name`). */
function tokenizerName(name: string): string {
  const dashed = name.toLowerCase().replaceAll('_', '-');
  if (/^utf-8(-|$)/.test(dashed)) return 'utf-8';
  if (/^(latin-1|iso-8859-1|iso-latin-1)(-|$)/.test(dashed)) return 'latin-1';
  return name;
}

/** What the bytes say, with something wrong in the place of what cannot be decoded; {@link encode} tells the difference. */
export function decodeLossy(bytes: Buffer, encoding: string): string {
  if (encoding === 'utf-8') return bytes.toString('utf8');
  if (encoding === 'latin-1' || encoding === 'ascii') return bytes.toString('latin1');
  if (encoding !== 'mac-roman') return iconv().decode(bytes, encoding);
  return MAC_ROMAN_CHANGES.reduce((text, [old, now]) => text.replaceAll(old, now), iconv().decode(bytes, encoding));
}

/**
 * The bytes of `text` in an encoding that {@link normalizedEncoding} names. Undefined when a character has no code there: the bytes
 * that are given decode to the same text.
 */
export function encode(text: string, encoding: string): Buffer | undefined {
  if ((REFUSED.get(encoding) ?? REPLACEMENT).test(text)) return undefined;
  const bytes = encodeLossy(text, encoding);
  return decodeLossy(bytes, encoding) === text ? bytes : undefined;
}

function encodeLossy(text: string, encoding: string): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  if (encoding === 'latin-1' || encoding === 'ascii') return Buffer.from(text, 'latin1');
  if (encoding !== 'mac-roman') return iconv().encode(text, encoding);
  return iconv().encode(
    MAC_ROMAN_CHANGES.reduce((changed, [old, now]) => changed.replaceAll(now, old), text),
    encoding,
  );
}
