import { describe, expect, it } from 'vitest'
import {
  defaultText,
  formatListener,
  readSetting,
  type SettingName,
  settingText,
  writeSetting,
} from '../../../src-main/options/workspace-settings'

function storedIn(texts: Partial<Record<SettingName, string>>) {
  return (name: SettingName) => texts[name]
}

/** Texts in the files of versions before the table. */
const earlier: Partial<Record<SettingName, string>> = {
  'ottla.port': '9192',
  'ottla.interfaces': 'this machine',
  'ottla.advertise': 'mac:9192',
  'ottla.containers': '29092',
  'ottla.listeners': 'INSIDE=sasl_ssl://localhost:9094, nonsense',
  'ottla.plaintext': 'false',
  'ottla.durability': 'power',
}

describe('settings of a workspace', () => {
  it('are read as earlier versions stored them', () => {
    const stored = storedIn(earlier)
    expect(readSetting(stored, 'ottla.port')).toBe(9192)
    expect(readSetting(stored, 'ottla.interfaces')).toBe('local')
    expect(readSetting(storedIn({ 'ottla.interfaces': 'all' }), 'ottla.interfaces')).toBe('all')
    expect(readSetting(stored, 'ottla.advertise')).toEqual({ host: 'mac', port: 9192 })
    expect(readSetting(stored, 'ottla.containers')).toBe(29_092)
    expect(readSetting(stored, 'ottla.listeners').map(formatListener)).toEqual(['INSIDE=sasl_ssl://localhost:9094'])
    expect(readSetting(stored, 'ottla.plaintext')).toBe(false)
    expect(readSetting(stored, 'ottla.durability')).toBe('power')
  })

  it('have their default where nothing is stored, and where what is stored is no value', () => {
    const wrong = storedIn({ 'ottla.port': '70000', 'ottla.durability': 'sometimes', 'ottla.advertise': '' })
    for (const stored of [storedIn({}), wrong]) {
      expect(readSetting(stored, 'ottla.port')).toBe(9092)
      expect(readSetting(stored, 'ottla.port', 7000)).toBe(7000)
      expect(readSetting(stored, 'ottla.durability')).toBe('process')
      expect(readSetting(stored, 'ottla.advertise')).toBeNull()
    }
    expect(Object.keys(earlier).map((name) => defaultText(name as SettingName))).toEqual([
      '9092',
      'local',
      '',
      '',
      '',
      'true',
      'process',
    ])
  })

  it('are stored as one text for each value, and never as a label', () => {
    expect(settingText('ottla.interfaces', 'this machine')).toBe('local')
    expect(settingText('ottla.listeners', 'SSL=ssl://[::1]:9093,sasl_ssl://localhost:9094')).toBe(
      'ssl://[::1]:9093, sasl_ssl://localhost:9094',
    )
    expect(writeSetting('ottla.port', 9192)).toEqual(['ottla.port', '9192'])
    expect(writeSetting('ottla.advertise', { host: '::1', port: 1 })).toEqual(['ottla.advertise', '[::1]:1'])
  })

  it.each<[SettingName, string]>([
    ['ottla.port', '0'],
    ['ottla.port', ' 9092'],
    ['ottla.interfaces', 'some'],
    ['ottla.advertise', 'mac:0'],
    ['ottla.containers', '65536'],
    ['ottla.listeners', 'ssl://localhost:9093, nonsense'],
    ['ottla.plaintext', 'yes'],
    ['ottla.durability', ''],
  ])('%s is not "%s"', (name, text) => {
    expect(settingText(name, text)).toBeUndefined()
  })
})
