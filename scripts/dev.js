// `npm run dev -- [URL | FLAGS]`: the pages with hot reload, against a running broker (the URL that it printed) or one that is
// started with these flags of `ottla serve`. Changes of src-main need a start of their own.

const { spawn } = require('node:child_process')
const { join } = require('node:path')
const { createInterface } = require('node:readline')
const { buildIfNeeded } = require('./build-if-needed.js')

const root = join(__dirname, '..')

/** The address of the pages of a broker, with its token. */
async function pagesOf(args) {
  if (/^https?:/.test(args[0] ?? '')) return new URL(args[0])
  buildIfNeeded()
  const broker = spawn(process.execPath, [join(root, 'bin/ottla.js'), 'serve', '--json', '--ui-port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  process.on('exit', () => broker.kill())
  broker.on('exit', (code) => process.exit(code ?? 1))
  const line = await new Promise((resolve) => createInterface(broker.stdout).once('line', resolve))
  const { kafka, ui } = JSON.parse(line)
  process.stdout.write(`Kafka    ${kafka.join('  ')}\n`)
  if (ui === null) throw new Error('the pages need a broker that serves them: leave --no-ui away')
  return new URL(ui)
}

/** What the pages' policy forbids and hot reload needs: its script within the page. The built pages keep their policy. */
const withoutPolicy = {
  name: 'without-policy',
  transformIndexHtml: (html) => html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ''),
}

async function run(args) {
  const pages = await pagesOf(args)
  const { createServer } = await import('vite')
  const { default: react } = await import('@vitejs/plugin-react')
  const server = await createServer({
    root: join(root, 'src-renderer'),
    configFile: false,
    publicDir: false,
    plugins: [react(), withoutPolicy],
    server: {
      host: '127.0.0.1',
      proxy: {
        '/wire': {
          target: pages.origin,
          ws: true,
          changeOrigin: true,
          // The broker lets its own pages connect, and no other site's.
          configure: (proxy) => proxy.on('proxyReqWs', (request) => request.setHeader('Origin', pages.origin)),
        },
      },
    },
  })
  await server.listen()
  const address = new URL(pages.search, server.resolvedUrls.local[0])
  process.stdout.write(`Pages    ${address.href}\nEvery change of src-renderer is in them at once. Ctrl+C stops.\n`)
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0))
run(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`dev: ${error.message}\n`)
  process.exit(1)
})
