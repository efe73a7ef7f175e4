namespace Orders.Application.Overlay;

/// <summary>How a removal of the overlay treats the recorded changes.</summary>
public enum RecordedChanges
{
    /// <summary>The default: the removal is refused if there are any.</summary>
    MustBeNone,

    /// <summary>Their table stays, and a later installation uses it again.</summary>
    Keep,

    /// <summary>Their table is dropped.</summary>
    Discard,
}
