/** Loaded into a broker with `--require`: SIGWINCH throws where nothing catches it, SIGUSR2 rejects where nobody waits. */
process.on('SIGWINCH', () => {
  throw new Error('thrown\nby a test')
})
process.on('SIGUSR2', () => void Promise.reject(new Error('rejected by a test')))
