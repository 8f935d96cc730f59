// The reference Bluesky server (PDS) for the tests, on loopback alone, with a small directory of
// identities (did:plc) beside it. Prints one line of JSON when it is ready, and ends when its
// standard input closes, so that it never outlives the tests.
//
// POST /__fault {nsid, mode, times, status, error, message, headers, ms} makes the next calls of
// that method fail; DELETE /__fault ends that. Modes:
//   answer       answers so at once; the server never sees the call
//   drop-before  closes the connection; the server never sees the call
//   drop-after   the server does the call, then the connection is closed
//   stall-before waits before the server sees the call
//   stall-after  the server does the call, its answer waits
//   garble       the server does the call, its answer is no JSON
// POST /__admin {did, applied} takes an account down, or restores it, as only the server's owner can.
// POST /__calls tells the methods that were called since the last DELETE.
import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { setTimeout as wait } from 'node:timers/promises'

process.env.LOG_ENABLED = 'false'
const { PDS, envToCfg, envToSecrets } = await import('@atproto/pds')
const plc = createRequire(import.meta.resolve('@atproto/pds'))('@did-plc/lib')

const LOOPBACK = '127.0.0.1'

async function read(request) {
  let text = ''
  for await (const chunk of request) text += chunk
  return text ? JSON.parse(text) : {}
}

function answer(response, status, value, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(value))
}

function listen(server, port = 0) {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, LOOPBACK, () => resolve(server.address().port))
  })
}

// --- the directory of identities: a log of signed operations for each DID
const operations = new Map()

async function keep(did, operation) {
  const log = operations.get(did) ?? []
  await plc.assureValidNextOp(did, log, operation)
  const { cid } = await plc.getLastOpWithCid([operation])
  operations.set(did, [...log, { did, operation, cid, nullified: false, createdAt: new Date() }])
}

function lookUp(did, what) {
  const log = operations.get(did)
  if (!log) return undefined
  const last = log.at(-1).operation
  const data = plc.opToData(did, last)
  return { '': plc.formatDidDoc(data), data, 'log/last': last, 'log/audit': log }[what]
}

const directory = http.createServer(async (request, response) => {
  try {
    const [did, ...rest] = request.url.slice(1).split('/').map(decodeURIComponent)
    if (request.method === 'POST') {
      await keep(did, await read(request))
      return answer(response, 200, {})
    }
    const found = lookUp(did, rest.join('/'))
    return answer(response, found ? 200 : 404, found ?? { message: `DID not registered: ${did}` })
  } catch (error) {
    return answer(response, 400, { message: String(error) })
  }
})
const directoryPort = await listen(directory)

// --- the server
const front = http.createServer()
const port = await listen(front)
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'threadbot-pds-'))
fs.mkdirSync(path.join(folder, 'blobs'))
const settings = {
  devMode: true,
  port,
  hostname: 'localhost',
  dataDirectory: folder,
  blobstoreDiskLocation: path.join(folder, 'blobs'),
  blobstoreDiskTmpLocation: path.join(folder, 'blobs-unfinished'),
  // A number instead of "localhost" would be refused as an invalid hostname.
  didPlcUrl: `http://localhost:${directoryPort}`,
  serviceHandleDomains: ['.test'],
  inviteRequired: false,
  enableDidDocWithSession: true,
  jwtSecret: randomBytes(16).toString('hex'),
  adminPassword: randomBytes(16).toString('hex'),
  plcRotationKeyK256PrivateKeyHex: randomBytes(32).toString('hex'),
  disableSsrfProtection: true,
}
const pds = await PDS.create(envToCfg(settings), envToSecrets(settings))

// --- faults
let faults = []
let calls = []

function drop(request, response) {
  const close = () => { request.socket.destroy(); return response }
  response.write = () => { close(); return true }
  response.end = close
}

function stall(response, milliseconds) {
  const end = response.end.bind(response)
  response.end = (...rest) => { setTimeout(() => end(...rest), milliseconds); return response }
}

function garble(response) {
  const end = response.end.bind(response)
  response.write = () => true
  response.end = () => { response.removeHeader('content-length'); return end('{"unfinished') }
}

async function serve(request, response) {
  const nsid = request.url.split('?')[0].replace('/xrpc/', '')
  calls.push(nsid)
  const fault = faults.find((each) => each.nsid === nsid && each.times > 0)
  if (fault) {
    fault.times -= 1
    if (fault.mode === 'answer') {
      request.resume()
      const said = { error: fault.error ?? 'Fault', message: fault.message ?? 'made for a test' }
      return answer(response, fault.status, said, fault.headers)
    }
    if (fault.mode === 'drop-before') return request.socket.destroy()
    if (fault.mode === 'drop-after') drop(request, response)
    if (fault.mode === 'stall-before') await wait(fault.ms)
    if (fault.mode === 'stall-after') stall(response, fault.ms)
    if (fault.mode === 'garble') garble(response)
  }
  return pds.app(request, response)
}

async function command(request, response) {
  if (request.method === 'DELETE') {
    faults = []
    calls = []
  } else if (request.url === '/__fault') {
    faults.push({ times: 1, ...(await read(request)) })
  } else if (request.url === '/__admin') {
    const { did, applied } = await read(request)
    await pds.ctx.accountManager.takedownAccount(did, { applied, ref: 'test' })
  }
  return answer(response, 200, { calls })
}

front.on('request', (request, response) => {
  const handle = request.url.startsWith('/__') ? command : serve
  handle(request, response).catch((error) => answer(response, 500, { message: String(error) }))
})
// The front stands before it; PDS.start() would listen on every interface. It waits for this event.
pds.app.listen = () => {
  setImmediate(() => front.emit('listening'))
  return front
}
await pds.start()
console.log(JSON.stringify({ url: `http://${LOOPBACK}:${port}` }))

async function stop() {
  directory.close()
  front.closeAllConnections()
  await pds.destroy().catch(() => {})
  fs.rmSync(folder, { recursive: true, force: true })
  process.exit(0)
}
process.on('SIGTERM', stop)
process.stdin.on('end', stop).resume()
