-- Requests for wrk: `-- <file of tokens> <path to read> <percent of writes> <second of 1970 at which writes begin>`.
-- In the end it tells what came, a word and numbers on a line.

local started = {}

function setup(thread)
   thread:set("number", #started)
   table.insert(started, thread)
end

function init(args)
   statuses, reads, heads, writes, percent = {}, {}, {}, 0, tonumber(args[3])
   -- Each thread has 20,000 slots of ten seconds, so that no entry of anybody overlaps another.
   from = tonumber(args[4]) + number * 200000
   math.randomseed(number + from)
   body = '{"start":"%s","end":"%s","description":"Work on something useful","billable":true}'
   local length = #body - 4 + 2 * #instant(0)
   for token in io.lines(args[1]) do
      local headers = { ["Authorization"] = "Bearer " .. token }
      table.insert(reads, wrk.format("GET", args[2], headers))
      headers["Content-Type"] = "application/json"
      -- wrk counts the body's bytes; each request then has its own.
      local whole = wrk.format("POST", "/api/v1/time-entries", headers, string.rep(" ", length))
      table.insert(heads, whole:sub(1, #whole - length))
   end
end

function instant(second)
   return os.date("!%Y-%m-%dT%H:%M:%SZ", second)
end

function request()
   local who = math.random(#reads)
   if math.random(100) > percent then
      return reads[who]
   end
   local start = from + writes * 10
   writes = writes + 1
   return heads[who] .. string.format(body, instant(start), instant(start + 5))
end

function response(status)
   statuses[status] = (statuses[status] or 0) + 1
end

function done(summary, latency)
   print("requests", summary.requests)
   print("microseconds", summary.duration)
   local broken = summary.errors
   print("broken", broken.connect + broken.read + broken.write + broken.timeout)
   for _, thread in ipairs(started) do
      for status, count in pairs(thread:get("statuses")) do
         print("status", status, count)
      end
   end
   for index = 1, #latency do
      local value, count = latency(index)
      print("latency", value, count)
   end
end
