using System.Diagnostics.Metrics;
using Orders.Application;

namespace Orders.Tests.Support;

/// <summary>What one of the service's own instruments measures from now on, in this process.</summary>
internal sealed class Measured : IDisposable
{
    private readonly Lock _lock = new();
    private readonly MeterListener _listener = new();
    private readonly List<(double Value, Dictionary<string, object?> Tags)> _all = [];

    /// <param name="name">The instrument's.</param>
    public Measured(string name)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == OrdersTelemetry.Name && instrument.Name == name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((_, value, tags, _) => Add(value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Add(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, _) => Add(value, tags));
        _listener.Start();
    }

    /// <summary>All values with these tags; of an instrument that is looked at, those of this moment.</summary>
    public double[] Values(params (string Name, object Value)[] tags)
    {
        _listener.RecordObservableInstruments();
        lock (_lock)
        {
            double[] found = [.. _all.Where(one => Array.TrueForAll(tags, tag => tag.Value.Equals(one.Tags.GetValueOrDefault(tag.Name)))).Select(one => one.Value)];
            return found;
        }
    }

    public double Sum(params (string Name, object Value)[] tags) => Values(tags).Sum();

    /// <summary>The last value: of a gauge the one of this moment.</summary>
    public double? Last(params (string Name, object Value)[] tags) => Values(tags) is [.., var last] ? last : null;

    public void Dispose() => _listener.Dispose();

    private void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_lock)
        {
            _all.Add((value, new Dictionary<string, object?>(tags.ToArray())));
        }
    }
}
