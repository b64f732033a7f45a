/** The public names of the library and of each room. */
interface Door {
  readonly values: string;
  readonly types: string;
}

export const doors: Readonly<Record<string, Door>> = {
  library: {
    values: `
      DRAWING KEY_ALGORITHMS KubetlsError LAYOUTS RESOURCES Secret SpecError Surveyor adopt
      applyExceptions applyPlan auditTree buildKubeconfig carryRollout checkSignature checkTable
      commonName createExplainer createPool createRecorder createRequest deadIn defaultSpecText deliveriesOf
      describeCluster directoryHost directoryStore drawingOf evaluate evaluateAll explainAll fingerprint
      forecast generalNameText goRules graphDot graphJson graphMermaid graphSvg hostRestarter
      httpsExchange issueAuthority issueCertificate issueCertificates issueForRequest issueForRequests
      issueMany kubeClient lookWith makePlan makeRenewal makeRescue memoryHost memoryStore
      mergeKubeconfigs nameText openBulk openHost organizations owedIn parseCertificate parseExceptions
      parseKubeconfig parseRequest parseRevocationList parseSpec planRescue planRollout planView probe
      proofState prove publicKeyFromSpki putBackManifests readCertificates readInventory readLine
      readMaterial readPem readPrivateKey readPublicKey readTrees recogniseLayouts refusalState
      refuseBrokenRollout refuseForeign rehearseRollout renderFailure reportState rescueDeliveriesOf
      resolveKubeconfig revocationReason sameKey serialDecimal serialHex signerFor simulate sshHost
      startTwin systemKeys systemRandom trustGraph verifyChain writeEncryptedPrivateKey writeKubeconfig
      writePem writePrivateKey writePublicKey
    `,
    types: `
      Action Address AdoptCode AdoptInput Adopted AdoptedNode AnchorsItem Applied ApplyCode ApplyInput
      Authentication Authority AuthorityId AuthorityItem AuthorityOrder BasicConstraints Batch Break
      BulkAuthority BulkCode BulkIssued BulkIssuer BulkOptions BulkOrder BulkSetting BulkTerms Bundle
      Carried CarryCode CarryHost CarryInput CauseOfLines Certificate CertificateProfile
      CertificateRequest CertificateTemplate CertificateTerms Chain CheckRow ClientPolicy Clock Cluster
      ClusterSpec ComponentName Content CopyItem Credential Dead DeadFile DeadPlace Deed DeliverStep Delivery
      DesiredFile DirectoryHostOptions DirectoryOptions Drawing DrawingOptions Edge EdgeChange EdgeProof
      EdgeWords Endpoint Entry EvaluateOptions Excepted Exception ExceptionsCode ExchangeOptions
      ExplainWorld Explained Explainer ExtendedKeyUsage Extension Failure FileChange FileFlag
      FileReference FileRole FileSet Forecast ForecastEvent ForecastInput FoundFile FoundKey GateStep
      GeneralName GoRules GraphInput HandWork Host HostCode HostRunOptions HostWriteOptions Instant
      Inventory InventoryCode IssueCode Item KeyAlgorithm KeyCode KeyMaterial KeyPairItem KeySource
      KeyUsage KubeClient KubeCode KubeObject Kubeconfig KubeconfigCluster KubeconfigCode
      KubeconfigContext KubeconfigCredentials KubeconfigFile KubeconfigItem KubeconfigSpec
      KubeconfigUser Layout LayoutRow LeafOrder Likelihood ListOptions LiveCluster Look LookInput
      Material MemoryHostOptions Name NameAttribute NameConstraints NamedCluster NamedContext
      NamedExtension NamedUser NodeSpec Observation Outcome Owed OwedStore PairItem Passing PatchOptions
      Patience PemBlock Placed Plan PlanInput PlanView Pool PrivateKey ProbeCredential ProbeOptions
      ProbeProtocol ProbeRequest ProbeResult ProbeTarget ProofReport ProofState ProveInput PublicKey
      Quorum Ran Random ReadFile Reading Reason Recognised RecognisedFile Recovery Refusal RefusalProof
      Rehearsal ReloadStep RenewalChoice RequestOrder RequestedLeafOrder RescueCode RescueInput
      RescueRolloutInput ResolveOptions ResolvedClient Resource RestartStep Restarter RestarterOptions
      RevocationList RevokedCertificate Role Rollout RolloutCode RolloutInput RolloutPlace RolloutStep
      Server ServerTrust Service Setting Severity Sight SignatureCheck SignatureOracle Signer SpecCode
      SshHostOptions StatePath StaticPodPlaces StepState Store StoreCode SubjectAttribute Survey
      SurveyCode SurveyPlace SurveyedCertificate SurveyedFile SurveyedKey SurveyedMaterial Transport
      TreeChoice TreeFile TreeFinding TreeInput TreeRoot TrustGraph Twin TwinCode TwinLogLine
      TwinOptions Usage UserSpec Verb Verdict Verification VerifyCode VerifyFailure VerifyRequest
      WatchEvent WatchOptions Where X509Code
    `,
  },
  base: {
    values: `
      DAY HOUR KubetlsError MINUTE SECOND Secret YEAR asBuffer concatBytes editDistance equalBytes escaped
      expectedFailure fieldOf grouped hintFor nearest parsedJson printable renderFailure renderWhere toHex toRfc3339 utf8 withoutKeys
    `,
    types: 'Clock Failure Instant Random Where',
  },
  yaml: { values: 'composeYaml readSimpleYaml', types: 'SimpleForm YamlBounds YamlProblem' },
  x509: {
    values: `
      CURVES DerReader KEY_ALGORITHMS LAXEST Memo Oid Tag addressProblem assembleCertificate assembleRequest
      attributeValues authorityKeyIdExtension basicConstraintsExtension checkSignature commonName
      contextConstructedTag contextTag curveByOctets decryptPbes2 dnsName ecdhOf ecdsaKey ed25519KeyFromSeed emailName encodeRequestInfo
      encodeTbsCertificate extendedKeyUsageExtension extendedKeyUsageText fingerprint generalNameText hasByteOrderMark
      ipName ipNameOf ipText isDomainName isEmptyName isOldAuthority keyIdentifier keyUsageExtension keyUsageText
      makeName nameConstraintsExtension nameText organizations ownCertificate parseCertificate parseCertificateBy parseIp
      parseMailbox parseName parseRequest parseRevocationList parseUri publicKeyFromSpki quote
      readCertificates readOid readPem readPemAsGo readPoolPem readPrivateKey readPublicKey revocationReason rsaKey rsaNumbers sameKey
      serialDecimal serialHex signBytes signatureAlgorithm signatureAlgorithmFor signatureAlgorithmName
      subjectAltNameExtension subjectKeyIdExtension timeProblem unmapIp uriName writeEncryptedPrivateKey writePem
      writePrivateKey writePublicKey
    `,
    types: `
      BasicConstraints Bundle Certificate CertificateRequest Curve ExtendedKeyUsage Extension
      GeneralName KeyAlgorithm KeyCode KeyUsage Mailbox Name NameAttribute NameConstraints PemBlock
      PrivateKey PublicKey Reading RevocationList RevokedCertificate SignatureCheck TbsCertificateFields Uri
      X509Code
    `,
  },
  verify: {
    values: `
      ALERT NO_CERTIFICATE alertOfClient alertOfServer alertOfSigner alertText createPool diagnose
      goRules listSignatureRefusal loadPrivateKey nameFailure newestRules oversizedKey parseRefusal requestRefusal
      requestSignatureRefusal revocationListRefusal signatureRefusal signatureRefusalBy unfitKey
      verifyChain
    `,
    types: `
      Alert Chain Diagnosis GoRules LoadedKey NameMiss NameSlip NearMiss Pool SignatureOracle UnfitKey Usage
      Verification VerifyCode VerifyFailure VerifyRequest
    `,
  },
  families: {
    values: 'FAMILIES KNOWN_ALERTS alertHeard clientHears judge serverHears',
    types: 'AlertMoment Family JudgeRequest Judgement',
  },
  lint: {
    values: `
      certificateChecks entryChecks lintCertificate lintRequest lintRevocationList revocationChecks
    `,
    types: 'LintFinding',
  },
  kubeconfig: {
    values: `
      Opaque buildKubeconfig clusterProblems contextProblems deleteEntry extractMaterial fileName
      flattenKubeconfig gatherKubeconfigs knownFields kubeconfigList loadKubeconfigs locateKubeconfig
      materialPaths mergeKubeconfigs minifyKubeconfig parseKubeconfig parseServer redactKubeconfig
      relativePaths renameContext resolveKubeconfig setContext targetOf useContext userProblems
      withClusterPaths withUserPaths writeKubeconfig writeKubeconfigJson
    `,
    types: `
      Authentication Cluster Conflict Context ContextFields Credentials EntryKind Impersonation
      KeyMaterial Kubeconfig KubeconfigCode KubeconfigEdit KubeconfigFile KubeconfigSource
      KubeconfigSpec LoadedKubeconfig LocatedKubeconfig Material NamedCluster NamedContext
      NamedExtension NamedFile NamedUser Problem ReadFile ResolveOptions ResolvedClient Server Transport
      User
    `,
  },
  issue: {
    values: `
      createRequest issueAuthority issueCertificate issueCertificates issueForRequest issueForRequests newPersonId personIdentity reissueAuthority signerFor signsItself
    `,
    types: `
      Authority AuthorityOrder CertificateTemplate CertificateTerms IssueCode KeySource LeafOrder ReissueOrder RequestOrder RequestedLeafOrder Signer SubjectAttribute
    `,
  },
  cluster: {
    values: `
      SpecError defaultSpecText describeCluster fileUses firstAddress isOneFile isSubnet kubernetesVersion minorOf parseHostAddress parseSpec readYaml readerOf reloadFact rolesOf rotatedItems
    `,
    types: `
      AdminName AnchorsItem AuthorityId AuthorityItem CertificateProfile ClientPolicy Cluster
      ClusterSpec ComponentName CopyItem Credential DesiredFile Edge Endpoint FileRole FileUse
      GroupedName HostAddress Item KeyPairItem KubeconfigItem NodeSpec PairItem Plain Reload ReloadFact
      Role ServerTrust Service SpecCode StatePath UserSpec
    `,
  },
  inventory: {
    values: 'certificatesIn readInventory',
    types: 'Content Entry FileChange FoundCertificate FoundFile Inventory InventoryCode',
  },
  trust: {
    values: `
      aggregate anchorsFrom asSeen chainOf clientAnchors clientDirection clientSide comparedFiles credentialOf dependencies
      edgeIndex edgeWords evaluate evaluateAll forecast frontProxyUser holdingsOf inState isStranger judge
      judgeHeld judgeRefusal loadBundle loadPair loadPairFiles logLines machineOf nodeAddresses predictRefusals
      proxyRefusal serverDirection serverLoader strangersOf userRefusal verifyingFailed
    `,
    types: `
      Chain EdgeChange EdgeIndex EdgeWords EvaluateOptions EvidenceKind Forecast ForecastEvent ForecastInput Held
      HeldState Holding Leader Loader LogLine Material Observation Observed Outcome Passing ProcessSight Quorum Refusal
      RefusalResult Remedy Sight Sights SocketSight Stranger Times Trial Verdict
    `,
  },
  explain: {
    values: 'createExplainer createLogReader explainAll readLine writtenAt',
    types: 'CauseOfLines Explained Explainer Folded Likelihood LogSummary Reading World',
  },
  graph: {
    values:
      'DRAWING MERMAID_LIMITS drawingOf graphDot graphJson graphMermaid graphSvg narrowGraph trustGraph',
    types: `
      AuthorityNode Box CertificateNode ClientNode DialLink Drawing DrawingOptions EndpointNode GraphCode GraphInput Line
      LinkKind NodeState PlainLink Refusal TrustGraph TrustLink TrustNode
    `,
  },
  audit: {
    values: `
      GROUPS applyExceptions askCompromised askWithout auditKubeconfigs auditTree checkTable countCertificates
      idHint liveNode livePath liveRequest parseExceptions placeParts placeText unloadableFile
    `,
    types: `
      AuditedFile Authority CheckRow Compromised Excepted Exception ExceptionsCode Finding Group
      Identity LiveCluster ReachCode ServerSeen Severity TreeChoice TreeFinding TreeInput Without World
    `,
  },
  plan: {
    values: `
      authoritiesOf carryOut endsIn isLeaf makePlan makeRenewal makeRescue planView requireDue requireSamePlan savedInstant simulate
    `,
    types: `
      Action Break CarryOutCode Effect LeafItem Plan PlanInput PlanView Ports Reason Rehearsal RenewalChoice RescueCode RescueInput SavedPlanCode Verb
    `,
  },
  rollout: {
    values: `
      deadIn deliveriesOf onDisk planRescue planRollout refuseBrokenRollout refuseForeign rehearseRollout rescueDeliveriesOf runsPods
    `,
    types: `
      Dead DeadFile DeadPlace DeliverStep Delivery GateStep HandWork Owed Place ReloadStep RescueRolloutInput RestartStep Rollout RolloutCode RolloutInput Step
    `,
  },
  carry: {
    values: 'carryRollout lookWith owedIn',
    types: `
      Carried CarryCode CarryHost CarryInput Deed Look LookInput OwedStore Sight StepState
    `,
  },
  stores: {
    values: `
      NamedFiles copyTo directoryStore eachAtOnce errno meaningOf memoryStore nodeFs readTrees removeIfThere
      removeQuietly replaceFile syncDirectory writeNew
    `,
    types: 'Batch DirectoryOptions FileSet FsOps Recovery Store StoreCode TreeRoot',
  },
  hosts: {
    values: 'directoryHost hostRestarter memoryHost openHost putBackManifests sshHost',
    types: `
      DirectoryHostOptions FileTimes Host HostCode HostRunOptions HostWriteOptions MemoryHostOptions Ran Restarter
      RestarterOptions SshHostOptions StaticPodPlaces
    `,
  },
  survey: {
    values: 'Surveyor mayHoldMaterial openedFrom placeText readMaterial references referencesIn',
    types: `
      FileFlag FileReference FoundKey Material Placed Reference Setting Survey SurveyCode SurveyPlace
      SurveyedCertificate SurveyedFile SurveyedKey TreeFile
    `,
  },
  adopt: { values: 'adopt rolesIn', types: 'AdoptCode AdoptInput Adopted AdoptedNode' },
  keystores: {
    values: 'isJavaKeystore isPkcs12 readJavaKeystore readPkcs12',
    types: 'Keystore KeystoreCode',
  },
  layouts: {
    values: 'LAYOUTS recogniseLayouts',
    types: 'FileRole Layout LayoutRow Recognised RecognisedFile',
  },
  probe: {
    values: 'contextFor failureText hostPort probe probeAlpn probeMany requestFor',
    types: `
      ProbeCredential ProbeManyOptions ProbeOptions ProbeProtocol ProbeRequest ProbeResult ProbeTarget
      ProbeTask Speaker
    `,
  },
  kube: {
    values: 'RESOURCES fakeApi httpsExchange kubeClient',
    types: `
      ApiRequest ApiResponse CallOptions ClientOptions Exchange ExchangeOptions FakeApi Json JsonObject
      KubeClient KubeCode KubeError KubeObject ListOptions Listing ObjectMeta ObjectName PatchKind
      PatchOptions Resource SelectOptions WatchEvent WatchOptions
    `,
  },
  bulk: {
    values: 'issueMany openBulk',
    types: 'BulkAuthority BulkCode BulkIssued BulkIssuer BulkOptions BulkOrder BulkSetting BulkTerms',
  },
  prove: {
    values: 'outOfSight proofState prove refusalState reportState vantageFrom',
    types: 'Disk EdgeProof MemoryInput ProofReport ProofState ProveCode ProveInput RefusalProof Vantage',
  },
  apply: {
    values: 'applyPlan createRecorder systemKeys systemRandom',
    types: 'Applied ApplyCode ApplyInput',
  },
  twin: {
    values: 'startTwin twinDifferences twinDifferencesShownIn',
    types: 'Address Patience Twin TwinCode TwinDifference TwinLogLine TwinOptions',
  },
};
