import { type Finding, maxFindings } from '../archive/evidence.ts'

const maxTextLength = 500

/** Findings as they are kept between the steps of one verification. */
export interface FoundElsewhere {
  findings: readonly Finding[]
  findingsTotal: number
}

/** Differences as they are found: all are counted, the first ones are kept. */
export class Findings {
  readonly list: Finding[] = []
  total = 0

  /** What others have found, of which perhaps only the first ones are known. */
  take({ findings, findingsTotal }: FoundElsewhere): void {
    this.list.push(...findings.slice(0, maxFindings - this.list.length))
    this.total += findingsTotal
  }

  add(subject: string, problem: string, values: { expected?: string; actual?: string } = {}): void {
    this.total += 1
    if (this.list.length >= maxFindings) return
    this.list.push({
      subject: shortened(subject),
      problem: shortened(problem),
      ...(values.expected === undefined ? {} : { expected: shortened(values.expected) }),
      ...(values.actual === undefined ? {} : { actual: shortened(values.actual) }),
    })
  }
}

function shortened(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}...`
}
