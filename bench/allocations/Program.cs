// Prints how many bytes a .NET process allocates until standard input ends: allocations PROCESS-ID.
//
// The runtime itself counts them and reports the increase once a second to whoever listens at its diagnostics port, so the process
// runs as shipped. "counting" is printed with the first report; the last one is waited for.

using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

const string Counter = "alloc-rate";

var client = new DiagnosticsClient(int.Parse(args[0], CultureInfo.InvariantCulture));
EventPipeSession session = client.StartEventPipeSession(
    new EventPipeProvider("System.Runtime", EventLevel.Informational, 0, new Dictionary<string, string> { ["EventCounterIntervalSec"] = "1" }),
    requestRundown: false);
var source = new EventPipeEventSource(session.EventStream);

// The first report is of what was allocated before it was asked for.
double? allocated = null;
int reportsToCome = -1;
_ = Task.Run(() =>
{
    while (Console.In.Read() >= 0)
    {
    }

    // One that may be on its way, and the one of the current second.
    Volatile.Write(ref reportsToCome, 2);
});
source.Dynamic.All += reported =>
{
    if (reported.EventName != "EventCounters" || reported.PayloadValue(0) is not IDictionary<string, object> { } outer
        || outer["Payload"] is not IDictionary<string, object> values || (string)values["Name"] != Counter)
    {
        return;
    }

    if (allocated is null)
    {
        Console.WriteLine("counting");
        allocated = 0;
        return;
    }

    allocated += (double)values["Increment"];
    if (reportsToCome > 0 && Interlocked.Decrement(ref reportsToCome) == 0)
    {
        Console.WriteLine(((long)allocated).ToString(CultureInfo.InvariantCulture));

        // Without closing the session, which waits for a stream that is no longer read; the runtime closes it by itself.
        Environment.Exit(0);
    }
};
source.Process();
