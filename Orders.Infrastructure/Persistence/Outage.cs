namespace Orders.Infrastructure.Persistence;

/// <summary>
/// The time for which a server is away, as all see it who ask for it: they wait from when the first of them missed it, so that a
/// server that stays away is soon told to everybody at once, and nobody waits who came late.
/// </summary>
internal sealed class Outage(TimeSpan patience, TimeProvider time)
{
    private readonly Lock _gate = new();
    private volatile bool _isOn;
    private long _begunAt;
    private long _metAt;

    /// <summary>To be called when the server was missed.</summary>
    /// <returns>Whether it is worth waiting for.</returns>
    public bool MayWait()
    {
        lock (_gate)
        {
            // When nobody has asked for a while, this is another one: the server may have been there, and have gone to sleep again.
            bool isNew = !_isOn || time.GetElapsedTime(_metAt) > patience;
            _metAt = time.GetTimestamp();
            _begunAt = isNew ? _metAt : _begunAt;
            _isOn = true;
            return time.GetElapsedTime(_begunAt) < patience;
        }
    }

    /// <summary>To be called when the server was there.</summary>
    public void End()
    {
        if (_isOn)
        {
            _isOn = false;
        }
    }
}
