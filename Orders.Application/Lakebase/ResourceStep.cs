namespace Orders.Application.Lakebase;

/// <summary>One resource on its way.</summary>
/// <param name="Resource">What it is, for a person: <c>Catalog</c>.</param>
/// <param name="Name">Its name in the workspace.</param>
/// <param name="State">How far it is.</param>
/// <param name="Detail">What the workspace says of it, or why it failed and what mends that; null when there is nothing to say.</param>
public sealed record ResourceStep(string Resource, string Name, StepState State, string? Detail = null);
