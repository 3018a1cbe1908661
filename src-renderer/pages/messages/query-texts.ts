import type { ConditionProblem } from './conditions'

/** The texts of the query bar. */
export const queryTexts = {
  startFrom: 'Start from',
  froms: {
    newest: 'Newest',
    oldest: 'Oldest',
    live: 'Live',
    offset: 'From offset',
    latest: 'Latest per key',
    group: 'From a group’s offsets',
    time: 'Between times',
  } as const,
  times: 'Times',
  offset: 'Offset',
  fromTime: 'From time',
  fromPlaceholder: 'from the beginning',
  untilTime: 'Until time',
  untilPlaceholder: 'until now',
  group: 'Group',
  chooseGroup: 'choose a group',
  isolation: 'Isolation',
  isolations: { all: 'read_uncommitted', committed: 'read_committed' } as const,
  isolationTitle: 'Shows what a consumer with this isolation level receives',
  filter: 'Filter by',
  filters: { text: 'Text', conditions: 'Conditions', script: 'JavaScript' } as const,
  conditions: {
    placeholder: 'value.status=paid -key:test   /',
    fields: {
      key: 'the whole key',
      value: 'the whole value',
      headers: 'names and values of headers',
      'headers.': 'a header, by its name',
    } as Readonly<Record<string, string>>,
    fieldOfJson: 'a field',
    asked: {
      contains: 'contains',
      is: 'is exactly',
      matches: 'matches a regular expression',
      exists: 'exists',
      above: 'is more than',
      below: 'is less than',
    } as const,
    notAsked: {
      contains: 'does not contain',
      is: 'is not',
      matches: 'does not match',
      exists: 'does not exist',
      above: 'is not more than',
      below: 'is not less than',
    } as const,
    help: [
      ['a b', 'both must be in the message'],
      ['-a', 'must not be in it; - negates any condition'],
      ['key:text', 'contains the text'],
      ['value.id=17', 'is exactly 17; > more, < less'],
      ['headers.trace:*', 'exists'],
      ['key~^a\\d+$', 'matches the regular expression (RE2)'],
      ['"a b"', 'a text with spaces'],
    ] as readonly (readonly [string, string])[],
    problem: ({ from, kind, field, value }: ConditionProblem) => {
      const why = {
        noNumber: `${field} is compared with a number, and “${value}” is none.`,
        noValue: `${field} needs a value.`,
        noSign: `${value} needs a sign and a value, such as ${value}=17. In quotes it is a text.`,
        tooMany: 'there are too many conditions.',
        tooLong: 'this condition is too long.',
      }
      return `At character ${from + 1}: ${why[kind]}`
    },
  },
  find: 'Find',
  findPlaceholder: 'Find in key, value, headers   /',
  script: 'JavaScript filter',
  scriptNames: (names: readonly string[]) => `Names: ${names.join(', ')}`,
  run: 'Run',
} as const
