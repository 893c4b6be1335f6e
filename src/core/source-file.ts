/** A Python file as it lies on disk and as text. */

export interface SourceFile {
  /** As reported: relative to the working directory, forward slashes. */
  readonly path: string;
  /** Absolute, links resolved: where a write goes. Empty for standard input. */
  readonly realPath: string;
  /** The file as it was read, byte order mark included. */
  readonly bytes: Buffer;
  /** Decoded, without the byte order mark; line ends as they are. */
  readonly text: string;
  /** The codec's normalised name: `utf-8`, `latin-1`, `windows-1252`, ... */
  readonly encoding: string;
  /** True if the file starts with a UTF-8 byte order mark (which `text` leaves out). */
  readonly bom: boolean;
  /** False for a file that is read for evidence only: a link that leads outside the root. */
  readonly writable: boolean;
}
