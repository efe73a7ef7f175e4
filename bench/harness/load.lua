-- Sends the requests of a file, in order and round again: a line is method, path, Cache-Control and body, with tabs between.
-- A second argument is how many milliseconds each connection pauses before a request.
-- Ends with one line of JSON; times are microseconds.
local requests, sent = {}, 0

function init(arguments)
  -- Only when it is asked for: wrk would set a timer for each request.
  if arguments[2] then
    local pause = tonumber(arguments[2])
    function delay() return pause end
  end
  for line in io.lines(arguments[1]) do
    local method, path, cache, body = line:match("^(.-)\t(.-)\t(.-)\t(.*)$")
    local headers = {}
    for name, value in pairs(wrk.headers) do headers[name] = value end
    if cache ~= "" then headers["Cache-Control"] = cache end
    if body ~= "" then headers["Content-Type"] = "application/json" else body = nil end
    requests[#requests + 1] = wrk.format(method, path, headers, body)
  end
end

function request()
  sent = sent + 1
  return requests[(sent - 1) % #requests + 1]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('\n{"requests":%d,"duration":%d,"p50":%d,"p99":%d,"max":%d,"errors":%d,"refused":%d,"timeouts":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    errors.connect + errors.read + errors.write + errors.status, errors.status, errors.timeout))
end
