namespace Orders.Application.Overlay;

/// <summary>Where a change of status goes.</summary>
public enum StatusChangeMode
{
    /// <summary>Into the row of the order, in a table that is ours to write to.</summary>
    InPlace,

    /// <summary>Beside the row, for a table that a sync owns.</summary>
    Overlay,
}
