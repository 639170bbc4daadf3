import { createHash } from 'node:crypto';

/** A script that Redis runs as one step: nothing else happens between its commands. */
export interface Script {
  readonly text: string;
  readonly sha1: string;
}

/**
 * What is kept of one topic, all of it under keys of its own:
 * - `log`: a stream. `<n>-0` is a change, or the beginning of an epoch; `<n>-1`, `<n>-2` … are notices that follow it
 *   and that nobody is told later. `n` grows by one with each change, and begins with the microsecond in which its epoch
 *   began: so it is higher than any that was before, even when Redis has lost everything, and a reader that waits for
 *   what comes after the last thing it has seen misses no beginning.
 * - `state`: the epoch, its `n` and `k` (the last notice), since when the log is complete, when the last entry that
 *   was trimmed had been logged, the place where the next poll goes on, which life of Redis this is of, and a number
 *   that changes with who watches what.
 * - `lease`: who polls, for as long as it lasts: `<owner epoch>:<process>`.
 * - `processes`: which processes have watchers, and until when that stands; `watching:<process>`: what they watch.
 * Shared by all topics: `owners` counts the owner epochs and is never forgotten, `since` is when this Redis began to
 * remember. Times are of the clock of Redis, in milliseconds; all processes judge by that one.
 */
const common = `
local log, state, lease, processes, owners, since = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local ask = cjson.decode(ARGV[1])
local time = redis.call('TIME')
local nowUs = time[1] * 1000000 + time[2]
local nowMs = math.floor(nowUs / 1000)
local function whole(number) return string.format('%.0f', number) end
local function get(field) return redis.call('HGET', state, field) end

local function add(id, kind, value)
  redis.call('XADD', log, id, 'kind', kind, 'value', value, 'at', whole(nowMs))
end

local function begin(epoch, sinceMs)
  local n = whole(math.max(nowUs, tonumber(get('n') or '0') + 1))
  redis.call('DEL', log)
  redis.call('HSET', state, 'epoch', epoch, 'n', n, 'k', '0', 'since', whole(sinceMs))
  add(n .. '-0', 'begin', cjson.encode({ epoch = epoch, sinceMs = whole(sinceMs) }))
end

local function notice(kind, value)
  if redis.call('EXISTS', log) == 0 then return end
  add(get('n') .. '-' .. redis.call('HINCRBY', state, 'k', 1), kind, value)
end

local function isMine(holder)
  return string.sub(holder, -#ask.process - 1) == ':' .. ask.process
end

local function keep()
  for _, key in ipairs({ log, state, processes }) do redis.call('PEXPIRE', key, ask.keepMs) end
end
`;

/**
 * A process says that it is there and what its subscribers watch; renews its lease, or takes one that nobody holds; and
 * learns how things stand. Processes that have not been heard of for too long are forgotten.
 */
const touch = `
redis.call('SET', since, whole(nowMs), 'NX')
-- Asked here, of the server that has the data: what a connection is told may be of a proxy.
local about = redis.pcall('INFO', 'server')
local server = type(about) == 'string' and string.match(about, 'run_id:(%w+)') or 'unknown'
local epoch = get('epoch')
if not epoch then
  begin(ask.newEpoch, math.max(tonumber(redis.call('GET', since)), nowMs - ask.maxAgeMs))
elseif get('server') ~= server then
  -- Redis was started again, or is another one now. It may have less than it had, and nobody can tell.
  redis.call('DEL', lease)
  begin(ask.newEpoch, nowMs)
end
redis.call('HSET', state, 'server', server)

local mine = ask.watching .. ask.process
local isStrange = not redis.call('ZSCORE', processes, ask.process)
local hasChanged = ask.isWhole or #ask.more > 0 or #ask.less > 0
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', processes, '-inf', nowMs)) do
  if gone ~= ask.process then
    redis.call('ZREM', processes, gone)
    redis.call('DEL', ask.watching .. gone)
    hasChanged = true
  end
end
if ask.isWhole then redis.call('DEL', mine) end
for _, id in ipairs(ask.more) do redis.call('SADD', mine, id) end
for _, id in ipairs(ask.less) do redis.call('SREM', mine, id) end
redis.call('ZADD', processes, nowMs + ask.presenceMs, ask.process)
redis.call('PEXPIRE', mine, ask.keepMs)

local holder = redis.call('GET', lease)
if not holder then
  holder = whole(redis.call('INCR', owners)) .. ':' .. ask.process
  redis.call('SET', lease, holder, 'PX', ask.leaseMs)
  -- What it has found out alone, it does not find again, and the log does not have it.
  if ask.wasAlone then begin(ask.newEpoch, nowMs) end
elseif isMine(holder) then
  redis.call('PEXPIRE', lease, ask.leaseMs)
end
if hasChanged then
  redis.call('HINCRBY', state, 'watch', 1)
  if not isMine(holder) then notice('watch', '') end
end
keep()

local watch = get('watch') or '0'
local watched = {}
if watch ~= ask.watch then
  local sets = {}
  for _, one in ipairs(redis.call('ZRANGE', processes, 0, -1)) do table.insert(sets, ask.watching .. one) end
  watched = redis.call('SUNION', unpack(sets))
end
return { whole(nowMs), get('epoch'), get('n'), get('k'), get('since'), get('trimmed') or '0', holder or '',
  whole(redis.call('PTTL', lease)), get('place') or '', isStrange and 'yes' or 'no', watch, watched }
`;

/**
 * Everything that an owner finds out is logged here and nowhere else, together with the place where the next poll goes
 * on: whoever is not the owner (any more), or speaks of an epoch that has passed, is refused and changes nothing.
 */
const append = `
if redis.call('GET', lease) ~= ask.lease or get('epoch') ~= ask.epoch then return { 'refused', whole(nowMs) } end
redis.call('PEXPIRE', lease, ask.leaseMs)
if ask.newEpoch then begin(ask.newEpoch, nowMs) end
local n = tonumber(get('n'))
for _, value in ipairs(ask.changes) do
  n = n + 1
  add(whole(n) .. '-0', 'change', value)
end
if #ask.changes > 0 then redis.call('HSET', state, 'n', whole(n), 'k', '0') end
for _, one in ipairs(ask.notices) do notice(one.kind, one.value) end
if ask.place then redis.call('HSET', state, 'place', ask.place) end

local function trim(minimum)
  local last = redis.call('XREVRANGE', log, '(' .. minimum, '-', 'COUNT', 1)[1]
  if not last then return end
  redis.call('HSET', state, 'trimmed', last[2][6])
  redis.call('XTRIM', log, 'MINID', minimum)
end
trim(whole(n - ask.maxEntries + 1) .. '-0')
local first, kept
repeat
  first = redis.call('XRANGE', log, '-', '+', 'COUNT', 100)
  for _, entry in ipairs(first) do
    if not kept and tonumber(entry[2][6]) >= nowMs - ask.maxAgeMs then kept = entry[1] end
  end
  if kept then trim(kept) else
    for _, entry in ipairs(first) do
      redis.call('HSET', state, 'trimmed', entry[2][6])
      redis.call('XDEL', log, entry[1])
    end
  end
until kept or #first < 100
keep()
return { 'logged', whole(nowMs), get('watch') or '0' }
`;

/** A process has no watchers any more: it gives up its lease, and the others hear of it at once. */
const leave = `
redis.call('ZREM', processes, ask.process)
redis.call('DEL', ask.watching .. ask.process)
redis.call('HINCRBY', state, 'watch', 1)
local holder = redis.call('GET', lease)
if holder and isMine(holder) then
  redis.call('DEL', lease)
  notice('free', '')
elseif holder then
  notice('watch', '')
end
if get('epoch') then keep() else redis.call('DEL', state) end
return { whole(nowMs) }
`;

const toScript = (text: string): Script => {
  const whole = `${common}${text}`;
  return { text: whole, sha1: createHash('sha1').update(whole).digest('hex') };
};

export const scripts = { touch: toScript(touch), append: toScript(append), leave: toScript(leave) };
