-- Told to wrk at its end: one line of figures for the benchmark; nothing runs per request.
function done(summary, latency, requests)
    local e = summary.errors
    io.write(string.format("figures %d %d %d %d %d %d %d\n", summary.requests, summary.duration,
        e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(90),
        latency:percentile(99), latency.max))
end
