/** Why a request cannot be written, in words for a person. */
export interface Unwritable {
  readonly unwritable: string;
}
