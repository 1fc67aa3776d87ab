// better-sqlite3 as far as the servers use it, on the SQLite inside Node: there is nothing to compile, and no
// object of better-sqlite3 for a newer Node's garbage collector to die on.
const { DatabaseSync } = require('node:sqlite')

const CODES = { 5: 'SQLITE_BUSY', 6: 'SQLITE_LOCKED', 19: 'SQLITE_CONSTRAINT' }

const telling = (work) => {
  try {
    return work()
  } catch (error) {
    // the servers try again by these names
    if (error.errcode) error.code = CODES[error.errcode & 255] || 'SQLITE_ERROR'
    throw error
  }
}

const bound = (values) => (values || []).map((one) => (typeof one === 'boolean' ? Number(one) : one ?? null))

class Statement {
  constructor(statement) {
    this.statement = statement
    this.reader = statement.columns().length > 0
  }
  all(values) {
    return telling(() => this.statement.all(...bound(values)).map(read))
  }
  run(values) {
    return telling(() => this.statement.run(...bound(values)))
  }
  *iterate(values) {
    for (const row of this.statement.iterate(...bound(values))) yield read(row)
  }
}

// What better-sqlite3 gives as a Buffer, node:sqlite gives as a plain array of bytes
const read = (row) => {
  const plain = { ...row }
  for (const key in plain) if (plain[key] instanceof Uint8Array) plain[key] = Buffer.from(plain[key])
  return plain
}

module.exports = class Database {
  constructor(location) {
    this.inner = new DatabaseSync(location)
  }
  prepare(sql) {
    return telling(() => new Statement(this.inner.prepare(sql)))
  }
  pragma(words) {
    return telling(() => this.inner.prepare(`PRAGMA ${words}`).all())
  }
  exec(sql) {
    return telling(() => this.inner.exec(sql))
  }
  close() {
    this.inner.close()
  }
}
