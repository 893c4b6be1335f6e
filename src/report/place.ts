/** How the formats for other programs name a file, and which findings they tell. */
import { describeMeasured } from '../core/measured.ts';
import type { Report, ReportFinding } from '../core/report.ts';

/** A path of the report as the program that reads it knows the file: relative to the top of the repository, forward slashes. */
export type Located = (path: string) => string;

/** What is still there: a fix that was written leaves nothing to tell. */
export function remaining({ findings }: Report): readonly ReportFinding[] {
  return findings.filter(({ status }) => status !== 'applied');
}

/** The message, what was measured, and why the fix is not applied where that is so. One line. */
export function described({ message, reason, measured }: ReportFinding): string {
  const proved = measured === undefined ? message : `${message} Measured: ${describeMeasured(measured)}.`;
  const text = reason === undefined ? proved : `${proved} (not fixed: ${reason})`;
  return text.replace(/\s*\n\s*/g, ' ');
}
