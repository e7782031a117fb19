-- Writes an entry, after making room for it, and ends the lease of the call that computed it. Redis runs a script as one step, so that
-- there is never one entry too many.
--
-- KEYS: the entry; the sorted sets of hashes, by when they were written and by when they expire; the lease; how its computation ended.
-- ARGV: how the name of every entry begins; the hash; the entry; now; its end; how long Redis keeps it; how many entries may live;
-- whose the lease is; the words for how it ended; how long those are kept. All times are in milliseconds.
local entry, written, expires, lease, outcome = unpack(KEYS)
local prefix, hash, text, now, ends, ttl, threshold, token, ended, outcome_ttl = unpack(ARGV)

local function remove(hashes)
  for _, each in ipairs(hashes) do
    redis.call('DEL', prefix .. each)
    redis.call('ZREM', written, each)
    redis.call('ZREM', expires, each)
  end
end

-- The entry that this one replaces needs no room.
remove({ hash })
remove(redis.call('ZRANGEBYSCORE', expires, '-inf', now))
local excess = redis.call('ZCARD', written) + 1 - tonumber(threshold)
if excess > 0 then
  remove(redis.call('ZRANGE', written, 0, excess - 1))
end

redis.call('SET', entry, text, 'PX', ttl)
redis.call('ZADD', written, now, hash)
redis.call('ZADD', expires, ends, hash)

-- No lease has an empty name.
if lease == '' then
  return
end
if redis.call('GET', lease) == token then
  redis.call('DEL', lease)
end
redis.call('SET', outcome, ended, 'PX', outcome_ttl)
