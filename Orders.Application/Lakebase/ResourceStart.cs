namespace Orders.Application.Lakebase;

/// <summary>The result of a request to start an operation.</summary>
public enum ResourceStart
{
    Started,

    /// <summary>The same operation is running.</summary>
    Joined,

    /// <summary>Another operation is running: the opposite one, or one with other values.</summary>
    Busy,
}
