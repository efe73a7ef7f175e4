namespace Orders.Application;

/// <summary>Which servers answer reads, where there are a primary and standbys. Changes always go to the primary.</summary>
public enum ReadTarget
{
    /// <summary>The primary; a standby only while there is no primary.</summary>
    Primary,

    /// <summary>The standbys; the primary while there is none.</summary>
    PreferStandby,

    /// <summary>The primary and the standbys in turn.</summary>
    Balanced,
}
