-- Writes an entry, after making room for it. Redis runs a script as one step, so that there is never one entry too many.
--
-- KEYS: the entry; the sorted sets of hashes, by when they were written and by when they expire.
-- ARGV: how the name of every entry begins; the hash; the entry; now; its end; how long Redis keeps it; how many entries may live.
-- All times are in milliseconds.
local entry, written, expires = KEYS[1], KEYS[2], KEYS[3]
local prefix, hash, text, now, ends, ttl, threshold = unpack(ARGV)

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
