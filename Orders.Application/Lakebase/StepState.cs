namespace Orders.Application.Lakebase;

/// <summary>How far one resource is.</summary>
public enum StepState
{
    /// <summary>Its turn has not come.</summary>
    Waiting,

    Running,

    /// <summary>It is there, or when deleting: it was and is no more.</summary>
    Done,

    /// <summary>It is not there, or when deleting: it was not.</summary>
    Missing,

    /// <summary>It could not be made, and the others do without.</summary>
    Skipped,

    Failed,
}
