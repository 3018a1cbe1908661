import { integer } from '../format/numbers'
import type { FilterProblem } from './filter-language'

/** Texts of the parts that all pages use. */
export const texts = {
  mark: (name: string) => `Mark ${name}`,
  markAll: 'Mark all',
  unseen: (count: string) => `▲ ${count} new`,
  grip: 'Drag to change the width, double-click to reset',
  widthOf: (label: string) => `Width of ${label}`,
  chooseFile: 'Choose file…',
  noFile: 'no file',
  removeFile: 'Remove',
  noClipboard:
    'Nothing was copied: browsers give pages a clipboard only at localhost or over HTTPS. Select the text and copy it.',
  timeTitle: (label: string, zone: string) =>
    `${label} (${zone}): 2026-01-31 14:02:11.204, 14:02, 2026-01-31T14:02Z, or seconds or milliseconds since the epoch`,
  timeWrong: (zone: string) => `Not a time. Enter 2026-01-31 14:02, 14:02 or epoch seconds (${zone}).`,
  timeSkipped: (zone: string) => `This time does not exist in ${zone}: the clocks are set forward past it.`,
  timeTwice: (first: string, second: string) =>
    `The clocks are set back, so this time comes twice. This is the first (${first}); add ${second} for the second.`,
  suggestions: 'Suggestions',
  moreNames: (count: number) => `${integer(count)} more: type a part of the name.`,
  filter: {
    help: [
      ['a b', 'both must match'],
      ['-a', 'must not match'],
      ['field:text', 'contains the text; * is any text'],
      ['field=text', 'is exactly the text'],
      ['field>100', 'is more; < is less'],
      ['"a b"', 'a text with spaces'],
    ] as readonly (readonly [string, string])[],
    problem: ({ from, kind, field, value }: FilterProblem, fields: readonly string[]) => {
      const why = {
        unknownField: `there is no field “${field}”. Fields are ${fields.join(', ')}. In quotes it is a text.`,
        noNumber: `${field} is a number, and “${value}” is none.`,
        wrongSign: `${field} is a text: it is compared with : or =.`,
        noValue: `${field} needs a value.`,
      }
      return `At character ${from + 1}: ${why[kind]}`
    },
  },
  /** States of groups and transactions, where Kafka's name is not a phrase. */
  states: {
    PreparingRebalance: 'Preparing rebalance',
    CompletingRebalance: 'Completing rebalance',
    CompleteCommit: 'Committed',
    CompleteAbort: 'Aborted',
    PrepareCommit: 'Committing',
    PrepareAbort: 'Aborting',
  } as Readonly<Record<string, string>>,
} as const
