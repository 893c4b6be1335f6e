/**
 * The result of a run, in the shape of the JSON contract (`schemaVersion` 1). Every report format is a function of this.
 * Lines and columns count from 1 (columns in code points), bytes from 0 in the file as it was read; ends are exclusive.
 */
import type { ByteEdit } from './edit.ts';
import type { FileErrorKind } from './errors.ts';
import type { Applicability, Retention } from './finding.ts';
import type { Measured } from './measured.ts';
import type { Mode } from './options.ts';

export interface ReportPosition {
  readonly line: number;
  readonly column: number;
  readonly byte: number;
}

export interface ReportObligation {
  readonly id: string;
  /** `null` is unknown. */
  readonly holds: boolean | null;
  readonly detail: string;
}

export interface ReportEdit extends ByteEdit {
  readonly path: string;
  /** The same place in lines and columns; the JSON report leaves it out. */
  readonly start: Omit<ReportPosition, 'byte'>;
  readonly end: Omit<ReportPosition, 'byte'>;
}

export interface ReportFix {
  readonly strategy: string;
  readonly applicability: Applicability;
  readonly title: string;
  readonly obligations: readonly ReportObligation[];
  readonly edits: readonly ReportEdit[];
  /** Unified diff of this fix alone; empty for a manual one. */
  readonly diff: string;
}

export type Status = 'planned' | 'applied' | 'skipped' | 'rejected' | 'conflict' | 'unfixable' | 'rolled-back';

export interface ReportFinding {
  readonly id: string;
  readonly rule: string;
  readonly retention: Retention;
  readonly path: string;
  readonly symbol: string;
  readonly start: ReportPosition;
  readonly end: ReportPosition;
  readonly message: string;
  readonly evidence: readonly {
    readonly path: string;
    readonly line: number;
    readonly column: number;
    readonly message: string;
  }[];
  readonly fixes: readonly ReportFix[];
  readonly status: Status;
  /** With --evidence, where the proof knows the finding. */
  readonly measured?: Measured | undefined;
  /** For every status but planned and applied. */
  readonly reason?: string | undefined;
}

export interface ReportFile {
  readonly path: string;
  readonly encoding: string;
  readonly sha256Before: string;
  readonly sha256After: string;
  readonly edits: readonly ByteEdit[];
  readonly findings: readonly string[];
}

export interface ReportError {
  readonly path: string;
  readonly kind: FileErrorKind;
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
}

export interface ReportSummary {
  readonly files: number;
  readonly bytes: number;
  readonly parsed: number;
  readonly findings: number;
  readonly planned: number;
  readonly applied: number;
  readonly skipped: number;
  readonly milliseconds: number;
}

export interface Report {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'pyleak-fix'; readonly version: string };
  readonly mode: Mode;
  readonly findings: readonly ReportFinding[];
  readonly files: readonly ReportFile[];
  readonly errors: readonly ReportError[];
  readonly summary: ReportSummary;
}
