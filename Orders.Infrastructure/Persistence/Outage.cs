using System.Diagnostics.CodeAnalysis;

namespace Orders.Infrastructure.Persistence;

/// <summary>
/// The time for which a server is away, as all see it who ask for it: they wait from when the first of them missed it, so that a
/// server that stays away is soon told to everybody at once, and nobody waits who came late.
/// </summary>
internal sealed class Outage(TimeSpan patience, TimeProvider time)
{
    private readonly Lock _gate = new();
    private volatile bool _isOn;
    private bool _isTried;
    private Exception? _cause;
    private long _begunAt;
    private long _metAt;

    /// <summary>How long the server is waited for yet. Not above zero when it is not worth it any longer.</summary>
    public TimeSpan Left
    {
        get
        {
            if (!_isOn)
            {
                return patience;
            }

            lock (_gate)
            {
                return IsKnown ? patience - time.GetElapsedTime(_begunAt) : patience;
            }
        }
    }

    /// <summary>To be called by who comes. Once the server is given up, one tries it at a time: the others would wait for nothing.</summary>
    /// <param name="cause">Why it is not to be tried, if so.</param>
    public bool MayTry([NotNullWhen(false)] out Exception? cause)
    {
        cause = null;
        if (!_isOn)
        {
            return true;
        }

        lock (_gate)
        {
            bool isGivenUp = IsKnown && time.GetElapsedTime(_begunAt) >= patience;
            if (isGivenUp && _isTried)
            {
                cause = _cause!;
                return false;
            }

            _isTried = isGivenUp;
            return true;
        }
    }

    /// <summary>To be called when a try is over, however it ended.</summary>
    public void Leave()
    {
        if (_isOn)
        {
            lock (_gate)
            {
                _isTried = false;
            }
        }
    }

    /// <summary>To be called when the server was missed.</summary>
    /// <param name="cause">What the try ended with.</param>
    /// <param name="triedAt">When it began: a server that says nothing is away from then on.</param>
    public void Meet(Exception cause, long triedAt)
    {
        if (patience == TimeSpan.Zero)
        {
            return;
        }

        lock (_gate)
        {
            _begunAt = IsKnown ? _begunAt : triedAt;
            _metAt = time.GetTimestamp();
            _cause = cause;
            _isOn = true;
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

    /// <summary>When nobody has asked for a while, it is another one: the server may have been there, and have gone to sleep again.</summary>
    private bool IsKnown => _isOn && time.GetElapsedTime(_metAt) <= patience;
}
