namespace Orders.Application.Lakebase;

/// <summary>The state of a step.</summary>
public enum StepState
{
    /// <summary>It has not started.</summary>
    Waiting,

    Running,

    /// <summary>The resource exists; in a deletion: it is deleted.</summary>
    Done,

    /// <summary>The resource does not exist; in a deletion: it did not exist.</summary>
    Missing,

    /// <summary>The resource could not be created, and the others do not need it.</summary>
    Skipped,

    Failed,
}
