// The real Bluesky network (directory, PDS, AppView, moderation) on the loopback, with a PostgreSQL of its own.
// Writes to READY where it listens, and ends when nobody is connected to its leash any more, so that nothing is left
// running by whoever is killed.
import fs from 'node:fs'
import net from 'node:net'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { registerHooks } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'

const { PLACE, READY, POSTGRES, DATA, USER_ID, SCHEMA, BYPASS } = process.env

// --- nobody but this machine is listened to: what names no host would listen to everybody

const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...words) {
  if (typeof words[0] === 'number' && typeof words[1] !== 'string') words.splice(1, 0, '127.0.0.1')
  else if (words[0]?.port !== undefined && !words[0].host) words[0] = { ...words[0], host: '127.0.0.1' }
  return listen.apply(this, words)
}

const freePort = async () => {
  const server = net.createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

// --- PostgreSQL, which root may not start

const rights = USER_ID ? { uid: Number(USER_ID), gid: Number(USER_ID) } : {}
const quiet = { cwd: '/', stdio: ['ignore', 'ignore', 'inherit'], ...rights }
const made = spawnSync(`${POSTGRES}/initdb`, ['-D', DATA, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'], quiet)
if (made.status !== 0) throw new Error(`initdb failed: ${made.status} ${made.error}`)
const port = await freePort()
const postgres = spawn(
  `${POSTGRES}/postgres`,
  ['-D', DATA, '-k', '', '-h', '127.0.0.1', '-p', port, '-c', 'fsync=off', '-c', 'synchronous_commit=off',
    '-c', 'max_connections=200', '-c', 'log_min_messages=panic'].map(String),
  quiet,
)
const stop = async (code) => {
  postgres.kill('SIGINT')
  await Promise.race([once(postgres, 'exit'), sleep(5000)])
  for (const path of [READY, PLACE]) fs.rmSync(path, { recursive: true, force: true })
  process.exit(code)
}
process.on('SIGTERM', () => stop(0))
process.on('uncaughtException', (error) => {
  console.error(error)
  stop(1)
})
for (let tries = 0; ; tries++) {
  const socket = net.connect(port, '127.0.0.1')
  const reached = await Promise.race([once(socket, 'connect').then(() => true, () => false)])
  socket.destroy()
  if (reached) break
  if (tries > 200) throw new Error('PostgreSQL does not listen')
  await sleep(50)
}

// --- the network

const sqlite = new URL('sqlite.cjs', import.meta.url).href
registerHooks({
  resolve: (name, context, next) =>
    name === 'better-sqlite3' ? { url: sqlite, format: 'commonjs', shortCircuit: true } : next(name, context),
})
process.env.DB_POSTGRES_URL = `postgresql://postgres@127.0.0.1:${port}/postgres`
process.env.REDIS_HOST = '127.0.0.1:1' // has to be told, and is asked by nobody
const { TestNetwork, JWT_SECRET } = await import('@atproto/dev-env')
const network = await TestNetwork.create({
  dbPostgresSchema: SCHEMA,
  pds: { hostname: 'localhost', enableDidDocWithSession: true, rateLimitsEnabled: true, rateLimitBypassKey: BYPASS },
})

// --- the leash

let held = 0
const unheld = () => setTimeout(() => held || stop(0), 2000)
const leash = net.createServer((socket) => {
  held++
  socket.on('error', () => {}).on('close', () => --held || unheld()).resume()
})
leash.listen(0, '127.0.0.1')
await once(leash, 'listening')
setTimeout(() => held || stop(0), 60000) // whoever started it went away before it was ready
const told = { pds: network.pds.port, view: network.bsky.port, secret: JWT_SECRET, leash: leash.address().port }
fs.writeFileSync(`${READY}.part`, JSON.stringify(told))
fs.renameSync(`${READY}.part`, READY)
