namespace Orders.Application.Lakebase;

/// <summary>The wanted resources on Lakebase. What is null is created with the default, and accepted as it is when it exists.</summary>
public sealed record CreateResources
{
    public const string PresetCapacity = "CU_1";
    public const int PresetNodeCount = 1;
    public const int PresetRetention = 7;

    /// <summary>A primary and its secondaries.</summary>
    public const int MostNodes = 4;

    public const int ShortestRetention = 2;
    public const int LongestRetention = 35;

    /// <summary>The sizes of a server, in compute units.</summary>
    public static readonly IReadOnlyList<string> Capacities = [PresetCapacity, "CU_2", "CU_4", "CU_8"];

    /// <summary>One of <see cref="Capacities"/>.</summary>
    public string? Capacity { get; init; }

    public int? NodeCount { get; init; }

    /// <summary>The secondaries answer reads. It takes two nodes or more.</summary>
    public bool? EnableReadableSecondaries { get; init; }

    /// <summary>How far back the database can be restored.</summary>
    public int? RetentionWindowInDays { get; init; }

    /// <summary>The values for a new server.</summary>
    public CreateResources WithPresets() => new()
    {
        Capacity = Capacity ?? PresetCapacity,
        NodeCount = NodeCount ?? PresetNodeCount,
        EnableReadableSecondaries = EnableReadableSecondaries ?? false,
        RetentionWindowInDays = RetentionWindowInDays ?? PresetRetention,
    };
}
