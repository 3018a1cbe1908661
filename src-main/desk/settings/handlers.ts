import type { Handlers } from '../../contract/server'
import type { Parts } from '../parts'
import type { DemoSource, SettingsSource } from '../source/workspace'

type Settings = Pick<Handlers, 'settings' | 'settings.set'>
type Demo = Pick<Handlers, 'demo' | 'demo.set'>

/** Settings of the workspace: the table of what is offered is `embedded/settings.ts`. */
export function settingHandlers({ live }: Parts, settings: SettingsSource): Settings {
  return {
    settings: (_, outlet) => live(outlet, () => settings.lines(), [settings.changed]),
    'settings.set': ({ name, value }) => settings.set(name, value),
  }
}

export function demoHandlers({ live }: Parts, demo: DemoSource): Demo {
  return {
    demo: (_, outlet) => live(outlet, () => demo.state, [demo.changed]),
    'demo.set': ({ running }) => (running ? demo.start() : demo.stop()),
  }
}
