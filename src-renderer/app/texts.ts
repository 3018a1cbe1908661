import { counted, integer } from '../format/numbers'

/** Texts of the frame around the pages: sidebar, status line, palette, keys, and what stands there while there is no broker. */
export const texts = {
  pages: 'Pages',
  stopped: 'stopped',
  notConnected: 'not connected',
  theme: (theme: string) => `Theme: ${theme}`,
  hint: (key: string) => `${key} K search, ? keys`,
  pageFailed: (problem: string) =>
    `This page failed because of a bug: ${problem}. The broker and the other pages are not affected.`,
  band: {
    label: 'Cluster',
    stage: (stage: string | null) => stage?.toUpperCase() ?? 'REMOTE CLUSTER',
    readOnly: 'read-only',
    writable: 'can be changed from here',
    unlocked: (left: string) => `can be changed for ${left}`,
    silent: (problem: string) => `does not answer, and is asked again: ${problem}`,
    unlock: 'Unlock…',
    lock: 'Lock',
    unlockTitle: (name: string) => `Unlock ${name} for 15 minutes?`,
    unlockText: (stage: string | null) =>
      `Pages can then change this ${stage ?? 'other'} cluster: create and delete topics, produce, reset offsets. Every change is noted in audit.jsonl in the folder of the app.`,
    typeName: (name: string) => `Type ${name} to unlock it`,
    unlockAction: 'Unlock',
  },
  production: {
    title: (cluster: string) => `Write messages to ${cluster}?`,
    text: (cluster: string) =>
      `${cluster} is marked as production: its consumers will read these messages, and they cannot be taken back. This is asked once, until its pages are closed or it is locked.`,
    action: (cluster: string) => `Write to ${cluster}`,
  },
  status: {
    writesFail: (why: string) => `Messages cannot be stored: ${why}`,
    requests: (perMinute: number) => `${counted(perMinute, 'request')}/min`,
    requestsTitle: 'What the open pages ask of this cluster. While no page is open, nothing is asked.',
    inMemory: (size: string) => `in memory, ${size}`,
    fileTitle: (file: string | null, free: string) =>
      `${file ?? 'In memory: data is lost when the broker stops'}\n${free} of it are free for new messages`,
    times: 'Times: local, UTC, or milliseconds since the epoch',
  },
  palette: {
    label: 'Search and actions',
    placeholder: 'Search topics, groups, pages and actions…',
    empty: 'No results',
    pages: 'Pages',
    actions: 'Actions',
    topics: 'Topics',
    groups: 'Groups',
    more: (entries: number) => `${integer(entries)} more: type to find them`,
    createTopic: 'Create topic…',
    connections: 'Connections',
    addConnection: 'Add connection…',
    importConnections: 'Import connections…',
    compare: 'Compare clusters…',
    openConnection: (name: string) => `Open ${name}`,
    unlock: 'Unlock this cluster…',
    produceTo: (topic: string) => `Produce to ${topic}…`,
    resetGroup: (group: string) => `Reset offsets of ${group}…`,
    rebalancesOf: (group: string) => `Rebalances of ${group}`,
    pause: 'Pause or resume the live view',
    theme: 'Change the theme',
    times: 'Change how times are shown',
    keys: 'Keyboard shortcuts',
    disabled: 'not possible now',
    playDemo: 'Start the demo',
    stopDemo: 'Stop the demo and delete its data',
  },
  keys: {
    title: 'Keyboard shortcuts',
    list: (mod: string, hasDigits: boolean): readonly (readonly [string, string])[] => [
      [`${mod} K`, 'search topics, groups, pages and actions'],
      ...(hasDigits ? [[`${mod} 1 … 9`, 'go to a page, in the order of the sidebar'] as const] : []),
      [`${mod} ,`, 'settings'],
      [`/, ${mod} F`, 'focus the search field; ↓ goes on to the table'],
      ['↑ ↓, Page Up, Page Down, Home, End', 'move in a table'],
      ['Enter', 'open the row at the cursor'],
      ['Shift F10, menu key', 'actions of a row'],
      ['← →, Enter in a heading', 'choose a column, sort by it'],
      ['Shift ← →, Delete in a heading', 'its width, its own width again'],
      ['Space, Shift ↑ ↓', 'mark rows'],
      ['p', 'pause or resume a live view'],
      ['Esc', 'close the pane or dialog, then go back'],
      ['← →', 'step through rebalances; move a reset handle'],
      ['Shift ← →, Page Up, Page Down', 'move a reset handle in larger steps'],
      ['?', 'this list'],
    ],
    browserKeeps: (mod: string) =>
      `In a browser, ${mod} with a digit belongs to its tabs: ${mod} K goes to every page.`,
  },
  lost: {
    stopped: {
      title: 'Kafka is not running',
      text: (why: string) => `The broker stopped. ${why}`,
    },
    unreachable: {
      title: 'This cluster is not connected',
      text: (why: string) => why,
    },
    noAnswer: {
      title: 'Kafka is not running',
      text: (address: string) =>
        `No broker answers at this address (${address}): it stopped, or it was started on another port. Start it again; this page reconnects by itself.`,
    },
    noPages: {
      title: 'This cluster is not connected',
      text: (address: string) =>
        `Nothing answers at this address (${address}): ottla serve --cluster was stopped. Start it again, and open the address that it prints.`,
    },
    noToken: {
      title: 'This page needs an access token',
      text: 'The broker is running. To keep other programs out, its pages open only with the token in the address that the broker printed at its start. Paste that address, or the token alone.',
    },
    wrongToken: {
      title: 'The access token is not valid',
      text: 'The broker is running, but it was started again since this page was opened, or the address is incomplete. Paste the address that the broker printed at its start, or the token alone.',
    },
    tokenLabel: 'Address or token',
    tokenPlaceholder: 'http://127.0.0.1:10092/?token=…',
    open: 'Open',
    startAgain: 'Start again',
    connectAgain: 'Connect again',
    startAgainWith: 'Start it again with:',
    checking: 'Connecting…',
  },
} as const
