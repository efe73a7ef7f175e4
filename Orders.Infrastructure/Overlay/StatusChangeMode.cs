namespace Orders.Infrastructure.Overlay;

/// <summary>Where a change of status goes.</summary>
internal enum StatusChangeMode
{
    /// <summary>Into the order's row, of a table that is ours to write to.</summary>
    InPlace,

    /// <summary>Beside the row, of a table that a sync owns.</summary>
    Overlay,
}
