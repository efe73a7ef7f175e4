namespace Orders.Application.Lakebase;

/// <summary>What became of the wish to start an operation.</summary>
public enum ResourceStart
{
    Started,

    /// <summary>The same one runs already.</summary>
    Joined,

    /// <summary>Another one runs: the opposite one, or one that asks for something else.</summary>
    Busy,
}
