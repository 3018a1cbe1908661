import type { ComparedPart } from '../../../src-main/contract/comparison'
import { counted, integer } from '../../format/numbers'
import type { Kind, Verdict } from './compared'

const parts: Readonly<Record<ComparedPart, string>> = { topics: 'topics', groups: 'groups', subjects: 'schemas' }

const kinds: Readonly<Record<Kind, string>> = { topic: 'Topic', config: 'Config', group: 'Group', subject: 'Schema' }
const tabs: Readonly<Record<Kind, string>> = {
  topic: 'Topics',
  config: 'Configs',
  group: 'Groups',
  subject: 'Schemas',
}

/** What a verdict looks like in a list; its name stands beside it for screen readers. */
const glyphs: Readonly<Record<Verdict, string>> = { onlyA: '◧', onlyB: '◨', different: '≠', same: '=' }

export const texts = {
  title: 'Compare',
  back: 'Connections',
  left: 'Left',
  right: 'Right',
  here: 'This workspace',
  hereInText: 'this workspace',
  hereCluster: (name: string) => `This cluster (${name})`,
  choose: 'Choose a cluster…',
  gone: 'A connection that was deleted',
  swap: 'Swap left and right',
  again: 'Compare again',
  find: 'Find in the comparison',
  findPlaceholder: 'Name or value',
  about:
    'Choose two clusters to see which topics, configs, groups and schemas are not the same. They are only read: nothing is written to either.',
  noConnections: 'A comparison needs a second cluster. Add a connection to one.',
  addConnection: 'Add connection',
  sameSide: 'Left and right are the same. Choose another cluster.',
  sameCluster: 'Both connections lead to the same cluster.',
  failed: (name: string, why: string) => `${name} cannot be compared: ${why}`,
  untold: (name: string, part: ComparedPart, why: string) => `${name}: its ${parts[part]} are not compared: ${why}`,
  partly: (name: string, why: string) => `${name}: ${why}`,
  notes: 'Not compared',
  views: 'Kinds',
  tab: (kind: Kind | null, differences: number) =>
    `${kind === null ? 'All' : tabs[kind]}${differences > 0 ? ` ${integer(differences)}` : ''}`,
  kinds,
  glyphs,
  verdict: (verdict: Verdict, a: string, b: string) =>
    ({ onlyA: `Only in ${a}`, onlyB: `Only in ${b}`, different: 'Different', same: 'Same' })[verdict],
  shown: (label: string, count: number) => `${label} (${integer(count)})`,
  show: 'Shown',
  /** On the button that chooses them. */
  showing: (shown: readonly Verdict[]) =>
    `Show: ${shown.length === 4 ? 'all' : shown.join() === 'onlyA,onlyB,different' ? 'differences' : `${shown.length} of 4`}`,
  defaults: 'Configs of the brokers',
  defaultsTitle: 'Also configs that no topic sets itself: brokers of other versions and settings differ there',
  activity: 'Activity of groups',
  activityTitle: 'State, members, committed offsets and lag: they change while clients run',
  status: {
    running: (open: readonly ComparedPart[]) => `Reading ${open.map((part) => parts[part]).join(', ')}…`,
    done: (differences: number) => (differences === 0 ? 'No differences' : counted(differences, 'difference')),
  },
  columns: { verdict: 'Side', kind: 'Kind', name: 'Name', what: 'What' },
  absent: 'not there',
  empty: {
    running: 'Differences appear here as the clusters answer.',
    none: 'No differences.',
    noMatch: 'No matching differences.',
    folded: (same: number) => `No differences: ${integer(same)} are the same.`,
  },
  copy: 'Copy',
  asText: 'As text',
  asJson: 'As JSON lines',
  copied: (rows: number) => (rows === 1 ? '1 row was copied.' : `${integer(rows)} rows were copied.`),
  pane: 'Difference',
  actionsOf: (name: string) => `Actions of ${name}`,
  openIn: (name: string) => `Open in ${name}`,
  copyFrom: (name: string) => `Copy from ${name} to this machine…`,
  copyTitle: (topic: string) => `Copy ${topic}`,
  copyElsewhere: 'A browser has no windows for clusters. Copy the topic with this command:',
} as const
