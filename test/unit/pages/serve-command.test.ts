import { expect, it } from 'vitest'
import { serveCommand } from '../../../src-renderer/app/serve-command'

it('the command on the stopped page starts the same broker again: its file, its port, and the port of its pages', () => {
  expect(serveCommand(null, '')).toBe('ottla serve')
  const at = (port: string) => [`127.0.0.1:${port}`]
  expect(serveCommand({ file: '/home/a/shop.ottla', addresses: at('9092') }, '10092')).toBe(
    'ottla serve --file /home/a/shop.ottla',
  )
  expect(serveCommand({ file: "/my files/a'b.ottla", addresses: at('9999') }, '4000')).toBe(
    `ottla serve --file '/my files/a'\\''b.ottla' --port 9999 --ui-port 4000`,
  )
})
