namespace Orders.Application.Overlay;

/// <summary>What becomes of the recorded changes when the overlay is removed.</summary>
public enum RecordedChanges
{
    /// <summary>Not said: the removal is refused while there are any.</summary>
    MustBeNone,

    /// <summary>Their table stays, and a later set-up takes it up again.</summary>
    Keep,

    /// <summary>Their table is dropped.</summary>
    Discard,
}
